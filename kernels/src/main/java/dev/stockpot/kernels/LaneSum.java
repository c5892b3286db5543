package dev.stockpot.kernels;

import java.util.Arrays;

/**
 * A float64 sum whose order of addition is part of its definition: element {@code i} of a reduction
 * block goes to lane {@code i mod 16}, lanes are added pairwise, and blocks in the order of their
 * place in the tensor. Providers of any width that divides 16 give equal bits.
 */
public final class LaneSum {
  public static final int LANES = 16;

  private final double[] lanes = new double[LANES];

  /** The accumulators, for a provider to add to in place. */
  public double[] lanes() {
    return lanes;
  }

  /** The sum so far; the lanes are zero again afterwards. */
  public double take() {
    for (int width = LANES / 2; width > 0; width /= 2) {
      for (int i = 0; i < width; i++) {
        lanes[i] += lanes[i + width];
      }
    }
    double sum = lanes[0];
    Arrays.fill(lanes, 0);
    return sum;
  }
}
