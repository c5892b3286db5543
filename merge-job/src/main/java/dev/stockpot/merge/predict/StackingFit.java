package dev.stockpot.merge.predict;

import dev.stockpot.merge.UserException;
import java.util.Arrays;

/**
 * Finds the convex weights of models whose mean of probabilities has the least negative
 * log-likelihood, by Newton's method: the slope and the curvature are sums of one pass.
 *
 * @see <a href="https://doi.org/10.1016/S0893-6080(05)80023-1">Wolpert: Stacked generalization</a>
 */
record StackingFit(int models) {
  private static final int MOST_PASSES = 100;
  private static final double CLOSE = 1e-9;

  /** Examples, likelihood, slope by each weight, curvature by each pair. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Sums(double[] weights) implements RowSums {
    @Override
    public int size() {
      return 2 + weights.length + weights.length * weights.length;
    }

    @Override
    public void add(Block block, double[] sums) {
      LabelProbabilities p = new LabelProbabilities(weights.length);
      for (int row = 0; row < block.rows(); row++) {
        if (!p.read(block, row)) {
          continue;
        }
        double[] own = p.ofModels();
        double mean = 0;
        for (int model = 0; model < own.length; model++) {
          mean += weights[model] * own[model];
        }
        mean = Math.max(mean, Judged.LEAST_PROBABILITY);
        sums[0]++;
        sums[1] -= Math.log(mean);
        for (int a = 0; a < own.length; a++) {
          sums[2 + a] -= own[a] / mean;
          for (int b = 0; b < own.length; b++) {
            sums[2 + own.length + a * own.length + b] += own[a] / mean * (own[b] / mean);
          }
        }
      }
    }
  }

  /**
   * The weights.
   *
   * @throws UserException if no example has a label
   */
  Weights over(Passes passes) {
    double[] best = new double[models];
    Arrays.fill(best, 1.0 / models);
    double[] tried = best;
    double least = Double.POSITIVE_INFINITY;
    for (int pass = 0; pass < MOST_PASSES; pass++) {
      double[] sums = passes.over(new Sums(tried));
      if (sums[0] == 0) {
        throw new UserException(
            "Weights of %s models need labelled examples that all of them predict; there are none"
                .formatted(models));
      }
      double[] next;
      if (sums[1] > least) { // too far: half the way
        next = between(best, tried);
      } else {
        least = sums[1];
        best = tried;
        next = SimplexStep.least(best, sums, sums[0]);
      }
      if (apart(next, best) <= CLOSE) {
        return Weights.of(next);
      }
      tried = next;
    }
    return Weights.of(best);
  }

  private static double[] between(double[] a, double[] b) {
    double[] middle = new double[a.length];
    for (int i = 0; i < a.length; i++) {
      middle[i] = (a[i] + b[i]) / 2;
    }
    return middle;
  }

  private static double apart(double[] a, double[] b) {
    double most = 0;
    for (int i = 0; i < a.length; i++) {
      most = Math.max(most, Math.abs(a[i] - b[i]));
    }
    return most;
  }
}
