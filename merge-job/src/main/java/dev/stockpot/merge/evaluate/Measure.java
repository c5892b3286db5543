package dev.stockpot.merge.evaluate;

import static java.util.Objects.requireNonNull;

import java.util.Optional;
import java.util.OptionalDouble;

/**
 * One number that an evaluator found.
 *
 * @param value finite
 * @param error its standard error, where it is told
 * @param higherIsBetter where the evaluator says so
 */
public record Measure(double value, OptionalDouble error, Optional<Boolean> higherIsBetter) {
  public Measure {
    requireNonNull(error, "error is null");
    requireNonNull(higherIsBetter, "higherIsBetter is null");
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException("value is %s".formatted(value));
    }
  }

  static Measure of(double value) {
    return new Measure(value, OptionalDouble.empty(), Optional.empty());
  }

  Measure withError(double standardError) {
    return new Measure(value, OptionalDouble.of(standardError), higherIsBetter);
  }

  Measure withDirection(boolean isHigherBetter) {
    return new Measure(value, error, Optional.of(isHigherBetter));
  }
}
