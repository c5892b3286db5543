package dev.stockpot.kernels.scalar;

import dev.stockpot.kernels.number.Elementary;
import dev.stockpot.kernels.statistic.LaneSum;

/** How far the softmax of one row is from that of another: {@link LaneSum}s of float64 numbers. */
public class SoftmaxDivergence {
  /** Added to each probability, so that none is zero. */
  public static final double LEAST_PROBABILITY = 1e-8;

  private double[] ofA = new double[0];
  private double[] ofB = new double[0];

  /** {@code Σ p log(p / q)} of the rows; NaN if one holds NaN or its largest is infinite. */
  public final double of(float[] a, float[] b, int count) {
    float mostOfA = most(a, count);
    float mostOfB = most(b, count);
    if (!Float.isFinite(mostOfA) || !Float.isFinite(mostOfB)) {
      return Double.NaN;
    }
    if (ofA.length < a.length) { // made on first use: most methods have none for them
      ofA = new double[a.length];
      ofB = new double[a.length];
    }
    powers(a, mostOfA, count, ofA);
    powers(b, mostOfB, count, ofB);
    terms(ofA, 1 / sum(ofA, count), ofB, 1 / sum(ofB, count), count);
    return Math.max(0, sum(ofA, count)); // it is never below zero but by rounding
  }

  /** The largest element; NaN if there is one. */
  protected float most(float[] row, int count) {
    float most = Float.NEGATIVE_INFINITY;
    for (int i = 0; i < count; i++) {
      most = Math.max(most, row[i]);
    }
    return most;
  }

  /** {@code into[i] = e^(row[i] - most)}. */
  protected void powers(float[] row, double most, int count, double[] into) {
    for (int i = 0; i < count; i++) {
      into[i] = Elementary.exp(row[i] - most);
    }
  }

  /**
   * {@code a[i] = p log(p / q)} with {@code p = a[i] · ofA + 1e-8}, {@code q = b[i] · ofB + 1e-8}.
   */
  protected void terms(double[] a, double ofSumA, double[] b, double ofSumB, int count) {
    for (int i = 0; i < count; i++) {
      double p = a[i] * ofSumA + LEAST_PROBABILITY;
      double q = b[i] * ofSumB + LEAST_PROBABILITY;
      a[i] = p * Elementary.log(p / q);
    }
  }

  protected double sum(double[] values, int count) {
    LaneSum sum = new LaneSum();
    double[] lanes = sum.lanes();
    for (int i = 0; i < count; i++) {
      lanes[i % LaneSum.LANES] += values[i];
    }
    return sum.take();
  }
}
