package dev.stockpot.merge.choose;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.OptionalDouble;

/**
 * What a point was found to be worth.
 *
 * @param worth larger is better, whatever the metric's direction; nothing if it could not be
 *     evaluated, which never wins
 * @param standardError of the worth, where the evaluator knows it
 * @param objectives each metric by itself, larger is better; none where there is only the worth
 */
public record Score(OptionalDouble worth, OptionalDouble standardError, List<Double> objectives) {
  /** Of what could not be evaluated. */
  public static final Score FAILED = new Score(OptionalDouble.empty(), OptionalDouble.empty());

  public Score {
    requireNonNull(standardError, "standardError is null");
    objectives = List.copyOf(objectives);
    if (!objectives.stream().allMatch(Double::isFinite)) {
      throw new IllegalArgumentException("objectives are %s".formatted(objectives));
    }
    if (worth.isPresent() && !Double.isFinite(worth.getAsDouble())) {
      throw new IllegalArgumentException("worth is %s".formatted(worth.getAsDouble()));
    }
    if (standardError.isPresent() && !(standardError.getAsDouble() >= 0)) {
      throw new IllegalArgumentException(
          "standard error is %s, must be at least 0".formatted(standardError.getAsDouble()));
    }
  }

  /** A score of one number. */
  public Score(OptionalDouble worth, OptionalDouble standardError) {
    this(worth, standardError, List.of());
  }

  public static Score of(double worth) {
    return new Score(OptionalDouble.of(worth), OptionalDouble.empty());
  }

  public boolean isFailed() {
    return worth.isEmpty();
  }

  /** The worth; below every other one if there is none. */
  double orLowest() {
    return worth.orElse(Double.NEGATIVE_INFINITY);
  }
}
