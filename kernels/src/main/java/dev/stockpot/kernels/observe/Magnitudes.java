package dev.stockpot.kernels.observe;

import dev.stockpot.kernels.statistic.MagnitudeCounts;
import java.io.Serializable;
import java.util.Arrays;

/**
 * A histogram of magnitudes by powers of two.
 *
 * @param zeros elements below the smallest normal float32
 * @param first exponent of the first counter: it counts magnitudes from {@code 2^first} to below
 *     {@code 2^(first + 1)}; exponent 128 counts infinities and NaN
 * @param counts from the first that is not zero to the last
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Magnitudes(long zeros, int first, long[] counts) implements Serializable {
  private static final int BIAS = 127;
  private static final int EXPONENTS = 256;
  private static final int BINS_OF_EXPONENT = 1 << 7; // upper 16 bits: 8 of exponent, 7 of fraction

  static Magnitudes of(MagnitudeCounts found) {
    long[] byExponent = new long[EXPONENTS];
    for (int exponent = 0; exponent < EXPONENTS; exponent++) {
      int begin = exponent * BINS_OF_EXPONENT;
      for (int bin = begin; bin < begin + BINS_OF_EXPONENT; bin++) {
        byExponent[exponent] += found.counts()[bin];
      }
    }
    return trimmed(byExponent);
  }

  private static Magnitudes trimmed(long[] byExponent) {
    int begin = 1;
    int end = EXPONENTS;
    while (begin < end && byExponent[begin] == 0) {
      begin++;
    }
    while (end > begin && byExponent[end - 1] == 0) {
      end--;
    }
    return new Magnitudes(byExponent[0], begin - BIAS, Arrays.copyOfRange(byExponent, begin, end));
  }

  /** Both together. */
  public Magnitudes plus(Magnitudes other) {
    long[] both = new long[EXPONENTS];
    addTo(both);
    other.addTo(both);
    return trimmed(both);
  }

  private void addTo(long[] byExponent) {
    byExponent[0] += zeros;
    for (int i = 0; i < counts.length; i++) {
      byExponent[first + BIAS + i] += counts[i];
    }
  }
}
