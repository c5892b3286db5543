package dev.stockpot.merge.trial;

import dev.stockpot.merge.choose.Score;
import dev.stockpot.merge.json.JsonObject;
import dev.stockpot.merge.json.JsonValue;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * How much better one score is than another.
 *
 * @param amount above 0 if it is better
 * @param error standard error of that, as if both were found on items of their own; nothing where
 *     one of them has none
 */
public record Gain(double amount, OptionalDouble error) {

  /** Nothing if one of them failed. */
  static Optional<Gain> of(Score score, Score over) {
    if (score.isFailed() || over.isFailed()) {
      return Optional.empty();
    }
    OptionalDouble error =
        score.standardError().isPresent() && over.standardError().isPresent()
            ? OptionalDouble.of(
                Math.hypot(score.standardError().getAsDouble(), over.standardError().getAsDouble()))
            : OptionalDouble.empty();
    return Optional.of(new Gain(score.worth().getAsDouble() - over.worth().getAsDouble(), error));
  }

  /** Whether it is not larger than its standard error. */
  boolean isWithinNoise() {
    return error.isPresent() && Math.abs(amount) <= error.getAsDouble();
  }

  JsonObject in(JsonObject trial) {
    JsonObject told = trial.with("gain", JsonValue.of(amount));
    return error.isPresent() ? told.with("gain_stderr", JsonValue.of(error.getAsDouble())) : told;
  }

  @Override
  public String toString() {
    String sign = amount < 0 ? "-" : "+";
    String size = String.format(Locale.ROOT, "%s%.4g", sign, Math.abs(amount));
    return error.isPresent()
        ? String.format(Locale.ROOT, "%s ± %.2g", size, error.getAsDouble())
        : size;
  }
}
