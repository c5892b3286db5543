package dev.stockpot.kernels.methods.spectral;

import dev.stockpot.kernels.matrix.Matrix;

/** Finds the element of a matrix that has a place in the order of all, by counting bits. */
final class Ranking {
  private static final int BITS = 16;
  private static final int BINS = 1 << BITS;

  private Ranking() {}

  /**
   * The element at a place from below, 0 being the smallest. Negative zero is below zero.
   *
   * @throws IllegalArgumentException if some element is NaN or infinite
   */
  static double at(Matrix matrix, long place) {
    long prefix = 0;
    long left = place;
    for (int shift = Long.SIZE - BITS; shift >= 0; shift -= BITS) {
      long[] counts = counts(matrix, prefix, shift);
      int bin = 0;
      while (left >= counts[bin]) {
        left -= counts[bin++];
      }
      prefix |= (long) bin << shift;
    }
    return Double.longBitsToDouble(prefix < 0 ? prefix ^ Long.MIN_VALUE : ~prefix);
  }

  /** How many elements have each value of some bits, of those whose higher bits are the prefix. */
  private static long[] counts(Matrix matrix, long prefix, int shift) {
    long[] counts = new long[BINS];
    double[] row = new double[matrix.columns()];
    long above = shift + BITS == Long.SIZE ? 0 : -1L << (shift + BITS);
    for (int i = 0; i < matrix.rows(); i++) {
      matrix.read(i, 0, row, 0, row.length);
      for (double element : row) {
        if (!Double.isFinite(element)) {
          throw new IllegalArgumentException("%s is no number to rank".formatted(element));
        }
        long bits = ordered(element);
        if ((bits & above) == (prefix & above)) {
          counts[(int) (bits >>> shift) & (BINS - 1)]++;
        }
      }
    }
    return counts;
  }

  /** Bits that are in the order of the numbers, as unsigned ones. */
  private static long ordered(double element) {
    long bits = Double.doubleToRawLongBits(element);
    return bits < 0 ? ~bits : bits ^ Long.MIN_VALUE;
  }
}
