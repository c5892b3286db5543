package dev.stockpot.kernels.number;

import java.util.Arrays;
import java.util.function.IntToDoubleFunction;

/**
 * Rounding to nearest even as the standard words it, by looking at both neighbours of a number
 * among all that a 16-bit format has.
 */
final class NearestEven {
  private final int infinity;
  private final double[] magnitudes;

  /**
   * @param infinity the pattern of positive infinity: the numbers below it ascend with their bits
   * @param magnitude what a pattern means; of {@code infinity} the number that would come next, had
   *     the format one more exponent
   */
  NearestEven(int infinity, IntToDoubleFunction magnitude) {
    this.infinity = infinity;
    magnitudes = new double[infinity + 1];
    Arrays.setAll(magnitudes, magnitude);
  }

  /** The pattern nearest to a number, of two equally near ones the even. */
  short round(float value) {
    int sign = Float.floatToRawIntBits(value) < 0 ? 0x8000 : 0;
    double magnitude = Math.abs((double) value);
    int above = Arrays.binarySearch(magnitudes, magnitude);
    if (above >= 0) {
      return (short) (sign | above);
    }
    above = -above - 1;
    if (above > infinity) {
      return (short) (sign | infinity);
    }
    int below = above - 1;
    double up = magnitudes[above] - magnitude; // both differences are exact
    double down = magnitude - magnitudes[below];
    boolean takeBelow = down < up || (down == up && below % 2 == 0);
    return (short) (sign | (takeBelow ? below : above));
  }
}
