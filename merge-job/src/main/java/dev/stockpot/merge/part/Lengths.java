package dev.stockpot.merge.part;

/**
 * Euclidean lengths in float64, whose sums have one order that depends on the number of elements
 * alone.
 */
final class Lengths {
  /** Sums beside each other, so that none waits for the one before. */
  private static final int SUMS = 4;

  private Lengths() {}

  static double of(float[] row) {
    double[] sums = new double[SUMS];
    int whole = row.length - row.length % SUMS;
    for (int i = 0; i < whole; i += SUMS) {
      for (int lane = 0; lane < SUMS; lane++) {
        sums[lane] += (double) row[i + lane] * row[i + lane];
      }
    }
    for (int i = whole; i < row.length; i++) {
      sums[i - whole] += (double) row[i] * row[i];
    }
    return Math.sqrt((sums[0] + sums[1]) + (sums[2] + sums[3]));
  }
}
