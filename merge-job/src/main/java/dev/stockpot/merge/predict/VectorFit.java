package dev.stockpot.merge.predict;

import dev.stockpot.merge.UserException;
import java.util.Arrays;

/**
 * Finds a scale and a bias for the logits of each class with the least negative log-likelihood, in
 * which that is convex.
 */
record VectorFit(Combination of, int classes) {
  /** Examples, likelihood, and its derivatives by all scales, then by all biases. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Sums(Combination of, double[] scale, double[] bias) implements RowSums {
    @Override
    public int size() {
      return 2 + 2 * scale.length;
    }

    @Override
    public void add(Block block, double[] sums) {
      int classes = block.classes();
      LabelLogits known = new LabelLogits(of, classes);
      double[] z = known.ofClasses();
      double[] y = new double[classes];
      for (int row = 0; row < block.rows(); row++) {
        if (!known.read(block, row)) {
          continue;
        }
        int label = known.label();
        for (int c = 0; c < classes; c++) {
          // where a scale has turned, what was impossible still is
          y[c] = z[c] == Double.NEGATIVE_INFINITY ? z[c] : scale[c] * z[c] + bias[c];
        }
        double all = Softmax.logSum(y, 0, classes);
        sums[0]++;
        sums[1] += all - y[label];
        for (int c = 0; c < classes; c++) {
          if (y[c] > Double.NEGATIVE_INFINITY) {
            double error = Math.exp(y[c] - all) - (c == label ? 1 : 0);
            sums[2 + c] += error * z[c];
            sums[2 + classes + c] += error;
          }
        }
      }
    }
  }

  /**
   * The calibration.
   *
   * @throws UserException if no example has a label
   */
  Calibration over(Passes passes) {
    double[] start = new double[2 * classes];
    Arrays.fill(start, 0, classes, 1);
    double[] found = Minimiser.least(x -> at(x, passes), start);
    return new Calibration(scale(found), bias(found));
  }

  private double[] at(double[] x, Passes passes) {
    double[] sums = passes.over(new Sums(of, scale(x), bias(x)));
    if (sums[0] == 0) {
      throw new UserException(
          "Scales of %s classes need labelled examples whose label has a probability; there are none"
              .formatted(classes));
    }
    double[] means = new double[sums.length - 1];
    for (int i = 0; i < means.length; i++) {
      means[i] = sums[i + 1] / sums[0];
    }
    return means;
  }

  private double[] scale(double[] x) {
    return Arrays.copyOfRange(x, 0, classes);
  }

  private double[] bias(double[] x) {
    return Arrays.copyOfRange(x, classes, 2 * classes);
  }
}
