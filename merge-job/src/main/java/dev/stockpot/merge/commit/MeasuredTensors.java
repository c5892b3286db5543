package dev.stockpot.merge.commit;

import dev.stockpot.merge.checkpoint.NaturalOrder;
import dev.stockpot.merge.json.JsonObject;
import dev.stockpot.merge.json.JsonValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a manifest says of numbers that were found of tensors while these were made. */
final class MeasuredTensors {
  private static final String KEY = "measured";

  private MeasuredTensors() {}

  /** A manifest with them, tensor by tensor; as it is if there are none. */
  static JsonObject in(JsonObject manifest, Map<String, Map<String, Double>> measures) {
    List<JsonObject> tensors = new ArrayList<>();
    for (String tensor : NaturalOrder.sort(measures.keySet(), name -> name)) {
      JsonObject found = JsonObject.EMPTY;
      for (Map.Entry<String, Double> measure : new TreeMap<>(measures.get(tensor)).entrySet()) {
        found = found.with(measure.getKey(), JsonValue.of(measure.getValue().doubleValue()));
      }
      tensors.add(JsonObject.EMPTY.with("tensor", tensor).with("found", found));
    }
    return tensors.isEmpty() ? manifest : manifest.with(KEY, tensors);
  }

  /** Those that a manifest lists. */
  static Map<String, Map<String, Double>> of(JsonObject manifest) {
    Map<String, Map<String, Double>> measures = new TreeMap<>();
    for (JsonObject tensor : manifest.objects(KEY)) {
      Map<String, Double> found = new TreeMap<>();
      tensor
          .get("found")
          .flatMap(JsonValue::object)
          .orElse(JsonObject.EMPTY)
          .fields()
          .forEach((name, value) -> value.number().ifPresent(number -> found.put(name, number)));
      measures.put(tensor.text("tensor"), found);
    }
    return measures;
  }
}
