package dev.stockpot.merge.commit;

import dev.stockpot.merge.json.JsonObject;
import dev.stockpot.merge.plan.PlannedTensor;
import dev.stockpot.merge.plan.StageModel;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A stage as a manifest has it. */
final class ListedStage {
  private ListedStage() {}

  /**
   * A stage with the parameters of each of its tensors; where it lay meanwhile is no part of it.
   */
  static JsonObject of(StageModel stage) {
    Map<JsonObject, Integer> parameters = new LinkedHashMap<>();
    List<JsonObject> tensors = new ArrayList<>();
    for (PlannedTensor tensor : stage.planned().toList()) {
      JsonObject values = Manifest.parameters(tensor);
      parameters.putIfAbsent(values, parameters.size());
      tensors.add(
          JsonObject.EMPTY
              .with("name", tensor.output().name())
              .with("dtype", tensor.output().dtype().name())
              .with("parameters", parameters.get(values)));
    }
    return JsonObject.EMPTY
        .with("name", stage.name())
        .with("method", stage.method().name())
        .with("tensors", tensors)
        .with("parameters", List.copyOf(parameters.keySet()));
  }
}
