package dev.stockpot.merge.predict;

import java.util.List;

/**
 * For each pair of series, of the examples that both say something of: how many there are, on how
 * many they disagree, and how often both, the first alone, the second alone and neither are right.
 */
record PairSums(List<Combination> series) implements RowSums {
  /** Sums of one pair. */
  static final int WIDTH = 6;

  @Override
  public int size() {
    return series.size() * (series.size() - 1) / 2 * WIDTH;
  }

  @Override
  public void add(Block block, double[] sums) {
    Judged judged = Judged.decisions(block, series);
    int at = 0;
    for (int a = 0; a < series.size(); a++) {
      for (int b = a + 1; b < series.size(); b++) {
        for (int i = 0; i < judged.rows; i++) {
          if (judged.isThere[a][i] && judged.isThere[b][i]) {
            int which = (judged.isRight[a][i] ? 0 : 2) + (judged.isRight[b][i] ? 0 : 1);
            sums[at]++;
            sums[at + 1] += judged.decision[a][i] == judged.decision[b][i] ? 0 : 1;
            sums[at + 2 + which]++;
          }
        }
        at += WIDTH;
      }
    }
  }
}
