package dev.stockpot.merge.trial;

import dev.stockpot.merge.choose.WindowAverage;
import dev.stockpot.merge.recipe.Problems;
import java.util.List;
import java.util.Locale;

/** Reads how much each checkpoint of a window counts. */
final class WindowReader {
  private WindowReader() {}

  static WindowAverage average(Keys keys, Problems problems) {
    String kind = keys.oneOf("average", List.of("sma", "wma", "ema"), "sma");
    problems.addIf(
        keys.has("beta") && !kind.equals("ema"),
        keys.lineOf("beta"),
        "`beta` is of `average: ema`, and has no effect on %s; remove it".formatted(kind));
    return new WindowAverage(
        WindowAverage.Kind.valueOf(kind.toUpperCase(Locale.ROOT)), keys.number("beta", 0, 1, 0.9));
  }
}
