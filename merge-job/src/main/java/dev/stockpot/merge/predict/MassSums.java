package dev.stockpot.merge.predict;

import java.util.List;

/** Examples, right ones and confidence at and between the edges of bins, for each series. */
record MassSums(List<Combination> series, List<MassEdges> edges) implements RowSums {
  /** Sums of one series. */
  static final int WIDTH = 3 * (2 * (Bins.COUNT - 1) + 1);

  @Override
  public int size() {
    return series.size() * WIDTH;
  }

  @Override
  public void add(Block block, double[] sums) {
    Judged judged = Judged.decisions(block, series);
    for (int s = 0; s < series.size(); s++) {
      for (int i = 0; i < judged.rows; i++) {
        if (judged.isThere[s][i]) {
          int at = s * WIDTH + 3 * edges.get(s).place(judged.confidence[s][i]);
          sums[at]++;
          sums[at + 1] += judged.isRight[s][i] ? 1 : 0;
          sums[at + 2] += judged.confidence[s][i];
        }
      }
    }
  }
}
