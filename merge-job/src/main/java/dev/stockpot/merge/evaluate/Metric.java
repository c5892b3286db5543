package dev.stockpot.merge.evaluate;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Which number of a result counts, and which way.
 *
 * @param name {@code task:metric}, {@code task:metric,filter} or a name of flat results; empty
 *     where there is only one number
 * @param higherIsBetter nothing to take it from the results, which must say it then
 * @param weight above 0
 */
public record Metric(String name, Optional<Boolean> higherIsBetter, double weight) {
  private static final String NO_FILTER = ",none";

  public Metric {
    requireNonNull(name, "name is null");
    requireNonNull(higherIsBetter, "higherIsBetter is null");
    if (!(weight > 0) || Double.isInfinite(weight)) {
      throw new IllegalArgumentException("weight is %s, must be above 0".formatted(weight));
    }
  }

  /**
   * The measure that counts.
   *
   * @throws EvaluationException if it is not there, or if it is unclear which one is meant
   */
  public Measure in(Map<String, Measure> found) throws EvaluationException {
    if (name.isEmpty()) {
      if (found.size() == 1) {
        return found.values().iterator().next();
      }
      throw new EvaluationException(
          "its results have %s numbers (%s); say which counts by `metric`"
              .formatted(found.size(), shown(found)));
    }
    for (String spelling : List.of(name, name + NO_FILTER)) {
      if (found.containsKey(spelling)) {
        return found.get(spelling);
      }
    }
    throw new EvaluationException(
        "its results have no `%s`; they have %s".formatted(name, shown(found)));
  }

  /**
   * Whether more of it is better.
   *
   * @throws EvaluationException if neither the results say it nor anybody else: a guess would turn
   *     the choice round
   */
  public boolean isHigherBetter(Measure measure) throws EvaluationException {
    return higherIsBetter
        .or(measure::higherIsBetter)
        .orElseThrow(
            () ->
                new EvaluationException(
                    "its results do not say whether more of %s is better; say `direction: max` or `direction: min`"
                        .formatted(name.isEmpty() ? "it" : "`" + name + "`")));
  }

  private static String shown(Map<String, Measure> found) {
    String names = found.keySet().stream().limit(8).collect(Collectors.joining(", "));
    return found.size() > 8 ? names + ", …" : names;
  }
}
