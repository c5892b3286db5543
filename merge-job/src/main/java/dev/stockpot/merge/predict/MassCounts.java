package dev.stockpot.merge.predict;

import java.util.List;

/** Counts confidences near the edges of bins of equal mass, for each series. */
record MassCounts(List<Combination> series, List<MassEdges> edges) implements RowSums {
  @Override
  public int size() {
    return edges.stream().mapToInt(MassEdges::size).sum();
  }

  @Override
  public void add(Block block, double[] sums) {
    Judged judged = Judged.decisions(block, series);
    int at = 0;
    for (int s = 0; s < series.size(); s++) {
      for (int i = 0; i < judged.rows; i++) {
        if (judged.isThere[s][i]) {
          edges.get(s).count(judged.confidence[s][i], sums, at);
        }
      }
      at += edges.get(s).size();
    }
  }
}
