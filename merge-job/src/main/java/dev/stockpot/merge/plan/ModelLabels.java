package dev.stockpot.merge.plan;

import dev.stockpot.merge.json.JsonObject;
import dev.stockpot.merge.json.JsonValue;
import dev.stockpot.merge.model.Model;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The names of classes in configurations. */
final class ModelLabels {
  /** From numbers to names. */
  static final String KEY = "id2label";

  private ModelLabels() {}

  /** The classes that a configuration names, in the order of their numbers; none if it does not. */
  static List<String> of(Model model) {
    Map<Integer, String> byNumber = new TreeMap<>();
    JsonObject named = model.config().tree().object(KEY).orElse(JsonObject.EMPTY);
    for (Map.Entry<String, JsonValue> entry : named.fields().entrySet()) {
      boolean isNumber = entry.getKey().matches("0|[1-9]\\d{0,8}");
      if (!isNumber || entry.getValue().text().isEmpty()) {
        return List.of();
      }
      byNumber.put(Integer.valueOf(entry.getKey()), entry.getValue().text().get());
    }
    boolean isWhole =
        byNumber.keySet().equals(new LinkedHashSet<>(range(byNumber.size())))
            && new LinkedHashSet<>(byNumber.values()).size() == byNumber.size();
    return isWhole ? List.copyOf(byNumber.values()) : List.of();
  }

  private static List<Integer> range(int count) {
    List<Integer> range = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      range.add(i);
    }
    return range;
  }
}
