package dev.stockpot.merge.predict;

import java.util.List;

/** What each of several series says of the labelled examples of a block, and how right that is. */
final class Judged {
  /** As scikit-learn's log_loss has it: a class that was held impossible costs that much. */
  static final double LEAST_PROBABILITY = Math.ulp(1.0);

  final int rows;
  final int[] row;
  final boolean[][] isThere;
  final boolean[][] isRight;
  final int[][] decision;
  final double[][] confidence;
  final double[][] nll;
  final double[][] brier;

  private Judged(int series, int most, boolean hasLosses) {
    row = new int[most];
    isThere = new boolean[series][most];
    isRight = new boolean[series][most];
    decision = new int[series][most];
    confidence = new double[series][most];
    nll = new double[series][hasLosses ? most : 0];
    brier = new double[series][hasLosses ? most : 0];
    rows = most;
  }

  static Judged of(Block block, List<Combination> series) {
    return of(block, series, /* hasLosses= */ true);
  }

  /** Without likelihoods and squared errors, which take time. */
  static Judged decisions(Block block, List<Combination> series) {
    return of(block, series, /* hasLosses= */ false);
  }

  private static Judged of(Block block, List<Combination> series, boolean hasLosses) {
    int labelled = 0;
    for (int row = 0; row < block.rows(); row++) {
      labelled += block.label(row) == Block.UNKNOWN ? 0 : 1;
    }
    Judged judged = new Judged(series.size(), labelled, hasLosses);
    double[] scratch = new double[block.classes()];
    int at = 0;
    for (int row = 0; row < block.rows(); row++) {
      if (block.label(row) != Block.UNKNOWN) {
        judged.row[at] = row;
        for (int s = 0; s < series.size(); s++) {
          judged.judge(s, at, series.get(s), block, scratch);
        }
        at++;
      }
    }
    return judged;
  }

  private void judge(int s, int at, Combination series, Block block, double[] p) {
    int classes = block.classes();
    if (!series.logits(block.logits(), block.at(row[at]), classes, p)) {
      return;
    }
    Softmax.of(p, 0, classes, p);
    int label = block.label(row[at]);
    int best = Softmax.largest(p, 0, classes);
    isThere[s][at] = true;
    isRight[s][at] = best == label;
    decision[s][at] = best;
    confidence[s][at] = p[best];
    if (nll[s].length == 0) {
      return;
    }
    double squares = 0;
    for (int c = 0; c < classes; c++) {
      double error = p[c] - (c == label ? 1 : 0);
      squares += error * error;
    }
    nll[s][at] = -Math.log(Math.max(p[label], LEAST_PROBABILITY));
    brier[s][at] = squares;
  }
}
