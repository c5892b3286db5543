package dev.stockpot.merge.predict;

import dev.stockpot.merge.UserException;

/**
 * Finds the temperature with the least negative log-likelihood, by Newton's method on its inverse,
 * in which that is convex.
 */
record TemperatureFit(Combination of) {
  private static final int MOST_PASSES = 60;
  private static final double CLOSE = 1e-10;
  private static final double LARGEST_STEP = 4;

  /** Beyond these, examples say nothing of a temperature. */
  private static final double LEAST = 1e-3;

  private static final double MOST = 1e3;

  /** Examples, likelihood, and its first and second derivative by the inverse temperature. */
  private record Sums(Combination of, double inverse) implements RowSums {
    @Override
    public int size() {
      return 4;
    }

    @Override
    public void add(Block block, double[] sums) {
      int classes = block.classes();
      LabelLogits known = new LabelLogits(of, classes);
      double[] z = known.ofClasses();
      double[] p = new double[classes];
      for (int row = 0; row < block.rows(); row++) {
        if (!known.read(block, row)) {
          continue;
        }
        int label = known.label();
        for (int c = 0; c < classes; c++) {
          p[c] = inverse * z[c];
        }
        double all = Softmax.logSum(p, 0, classes);
        double mean = 0;
        double square = 0;
        for (int c = 0; c < classes; c++) {
          double share = Math.exp(p[c] - all);
          if (share > 0) {
            double apart = z[c] - z[label]; // small, so that nothing cancels
            mean += share * apart;
            square += share * apart * apart;
          }
        }
        sums[0]++;
        sums[1] += all - p[label];
        sums[2] += mean;
        sums[3] += square - mean * mean;
      }
    }
  }

  /**
   * The temperature.
   *
   * @throws UserException if examples say none
   */
  double over(Passes passes) {
    double inverse = 1;
    double tried = 1;
    double best = Double.POSITIVE_INFINITY;
    for (int pass = 0; pass < MOST_PASSES; pass++) {
      double[] sums = passes.over(new Sums(of, tried));
      if (sums[0] == 0) {
        throw new UserException(
            "A temperature needs labelled examples whose label has a probability; there are %s"
                .formatted((long) sums[0]));
      }
      double nll = sums[1] / sums[0];
      if (nll > best) { // too far
        tried = (inverse + tried) / 2;
        if (Math.abs(tried - inverse) <= CLOSE * inverse) {
          return 1 / inverse;
        }
        continue;
      }
      best = nll;
      inverse = tried;
      double step = -sums[2] / sums[3];
      double next =
          Math.max(inverse / LARGEST_STEP, Math.min(inverse * LARGEST_STEP, inverse + step));
      if (!(next > 1 / MOST && next < 1 / LEAST)) {
        break;
      }
      if (Math.abs(next - inverse) <= CLOSE * inverse) {
        return 1 / next;
      }
      tried = next;
    }
    throw new UserException(
        "No temperature fits: the likelihood still grows at %s. Are all examples right, or are the labels those of other data?"
            .formatted(1 / inverse));
  }
}
