package dev.stockpot.merge.recipe;

import static java.util.Objects.requireNonNull;

import dev.stockpot.kernels.method.ParameterValues;
import java.util.List;

/**
 * The parameters of one tensor.
 *
 * @param values of every parameter that has one
 * @param missing names of those that must have a value and have none, because no filter in the
 *     recipe matches the tensor
 */
public record ResolvedParameters(ParameterValues values, List<String> missing) {
  static final ResolvedParameters NONE = new ResolvedParameters(ParameterValues.NONE, List.of());

  public ResolvedParameters {
    requireNonNull(values, "values is null");
    missing = List.copyOf(missing);
  }
}
