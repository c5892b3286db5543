package dev.stockpot.merge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.kernels.number.Bfloat16;
import dev.stockpot.merge.json.JsonObject;
import dev.stockpot.merge.json.JsonValue;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * How near the values of a golden case must be.
 *
 * @param abs every element within {@code abs + rel · |expected|}
 * @param rel see there
 * @param ulpBf16 instead: within so many units in the last place of bfloat16
 * @param shareOff share of the elements that may be off: of a tensor; or, in units of bfloat16, of
 *     all values together, and then they only may not be equal
 * @param frobenius instead: {@code ‖got − expected‖ ≤ frobenius · ‖expected‖} of a tensor, or all
 *     of its elements within {@code abs}
 */
record GoldenTolerance(
    double abs, double rel, OptionalInt ulpBf16, double shareOff, OptionalDouble frobenius) {
  /** A value in the middle that sat on the border between two of bfloat16. */
  private static final double BFLOAT16_STEP = 0.0078125;

  static GoldenTolerance of(JsonObject stated) {
    return new GoldenTolerance(
        number(stated, "abs").orElse(0),
        number(stated, "rel").orElse(0),
        stated.integer("ulp_bf16"),
        number(stated, "share_off").orElse(0),
        number(stated, "relative_frobenius"));
  }

  private static OptionalDouble number(JsonObject stated, String name) {
    return stated.get(name).map(JsonValue::number).orElse(OptionalDouble.empty());
  }

  /**
   * Compares a tensor.
   *
   * @return how many elements are not equal, to be held against {@link #shareOff} of all values
   */
  long check(String name, double[] actual, double[] expected) {
    assertThat(actual.length).as(name).isEqualTo(expected.length);
    if (frobenius.isPresent()) {
      checkNorm(name, actual, expected);
      return 0;
    }
    if (ulpBf16.isPresent()) {
      return checkUnits(name, actual, expected);
    }
    checkElements(name, actual, expected);
    return 0;
  }

  private void checkNorm(String name, double[] actual, double[] expected) {
    double off = 0;
    double all = 0;
    double most = 0;
    for (int i = 0; i < expected.length; i++) {
      double difference = actual[i] - expected[i];
      off += difference * difference;
      all += expected[i] * expected[i];
      most = Math.max(most, Math.abs(difference));
    }
    double allowed = frobenius.getAsDouble() * Math.sqrt(all);
    if (!(most <= abs)) {
      assertThat(Math.sqrt(off)).as("norm of what %s is off", name).isLessThanOrEqualTo(allowed);
    }
  }

  private long checkUnits(String name, double[] actual, double[] expected) {
    long unequal = 0;
    for (int i = 0; i < expected.length; i++) {
      if (actual[i] != expected[i]) {
        unequal++;
        boolean isNear =
            units(actual[i], expected[i]) <= ulpBf16.getAsInt()
                || Math.abs(actual[i] - expected[i]) <= abs;
        assertThat(isNear).as(of(name, i, actual[i], expected[i])).isTrue();
      }
    }
    return unequal;
  }

  /** How many values of bfloat16 further on another one lies. */
  private static int units(double one, double other) {
    return Math.abs(place(one) - place(other));
  }

  private static int place(double value) {
    int bits = Bfloat16.fromFloat((float) value) & 0xffff;
    return bits < 0x8000 ? bits : 0x8000 - bits; // -0 lies where 0 does
  }

  private void checkElements(String name, double[] actual, double[] expected) {
    long mayDiffer = (long) (shareOff * expected.length);
    double largest = 0;
    for (double value : expected) {
      largest = Math.max(largest, Math.abs(value));
    }
    for (int i = 0; i < expected.length; i++) {
      double off = Math.abs(actual[i] - expected[i]);
      boolean isNear = off <= abs + rel * Math.abs(expected[i]);
      if (!isNear && mayDiffer > 0) {
        mayDiffer--;
        isNear = off <= BFLOAT16_STEP * largest;
      }
      assertThat(isNear).as(of(name, i, actual[i], expected[i])).isTrue();
    }
  }

  private static String of(String name, int element, double actual, double expected) {
    return String.format(
        Locale.ROOT, "element %s of %s: %s, expected %s", element, name, actual, expected);
  }
}
