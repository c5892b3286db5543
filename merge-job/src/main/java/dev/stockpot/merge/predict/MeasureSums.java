package dev.stockpot.merge.predict;

import java.util.List;

/**
 * Sums of a series: examples, right ones, negative log-likelihood, squared error, and for each bin
 * examples, right ones and confidence.
 */
record MeasureSums(List<Combination> series) implements RowSums {
  static final int RIGHT = 1;
  static final int NLL = 2;
  static final int BRIER = 3;
  static final int BINS = 4;

  /** Sums of one series. */
  static final int WIDTH = BINS + 3 * Bins.COUNT;

  @Override
  public int size() {
    return series.size() * WIDTH;
  }

  @Override
  public void add(Block block, double[] sums) {
    Judged judged = Judged.of(block, series);
    for (int s = 0; s < series.size(); s++) {
      int at = s * WIDTH;
      for (int i = 0; i < judged.rows; i++) {
        if (judged.isThere[s][i]) {
          double right = judged.isRight[s][i] ? 1 : 0;
          int bin = at + BINS + 3 * Bins.of(judged.confidence[s][i]);
          sums[at]++;
          sums[at + RIGHT] += right;
          sums[at + NLL] += judged.nll[s][i];
          sums[at + BRIER] += judged.brier[s][i];
          sums[bin]++;
          sums[bin + 1] += right;
          sums[bin + 2] += judged.confidence[s][i];
        }
      }
    }
  }
}
