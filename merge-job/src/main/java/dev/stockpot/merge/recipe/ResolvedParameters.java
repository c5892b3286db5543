package dev.stockpot.merge.recipe;

import static java.util.Objects.requireNonNull;

import dev.stockpot.kernels.method.ParameterValues;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * The parameters of one tensor.
 *
 * @param values of every parameter that has one
 * @param missing names of those that must have a value and have none, because no filter in the
 *     recipe matches the tensor
 * @param settings where the recipe gives a value, by parameter; those that have their default are
 *     not there
 */
public record ResolvedParameters(
    ParameterValues values, List<String> missing, Map<String, ParameterSetting> settings) {
  static final ResolvedParameters NONE =
      new ResolvedParameters(ParameterValues.NONE, List.of(), Map.of());

  public ResolvedParameters {
    requireNonNull(values, "values is null");
    missing = List.copyOf(missing);
    settings = Map.copyOf(settings);
  }

  /** The line of the recipe that gives a parameter its value; empty if it has its default. */
  public OptionalInt line(String parameter) {
    ParameterSetting setting = settings.get(parameter);
    return setting == null ? OptionalInt.empty() : OptionalInt.of(setting.line());
  }
}
