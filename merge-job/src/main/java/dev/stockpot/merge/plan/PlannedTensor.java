package dev.stockpot.merge.plan;

import dev.stockpot.kernels.method.ParameterValues;
import java.util.List;
import java.util.Map;

/**
 * An output tensor, how it is made, and why so.
 *
 * @param merge parameters of the merge as a whole, resolved for this tensor
 * @param models parameters of each model that takes part, resolved for this tensor, by the model's
 *     path
 */
public record PlannedTensor(
    TensorWork work, ParameterValues merge, List<Map.Entry<String, ParameterValues>> models) {
  public PlannedTensor {
    models = List.copyOf(models);
  }
}
