package dev.stockpot.merge.predict;

import dev.stockpot.merge.UserException;

/**
 * Finds convex weights of models for each class by itself, with the least negative log-likelihood
 * of what they make, divided by its sum. That is not convex: it begins at equal weights.
 */
record PerClassFit(int models, int classes) {
  /** Examples, likelihood, and its derivative by each weight. */
  private record Sums(Weights weights) implements RowSums {
    @Override
    public int size() {
      return 2 + weights.models() * weights.ofClasses()[0].length;
    }

    @Override
    public void add(Block block, double[] sums) {
      int models = weights.models();
      int classes = block.classes();
      double[][] p = new double[models][classes];
      double[] mean = new double[classes];
      for (int row = 0; row < block.rows(); row++) {
        int label = block.label(row);
        if (label == Block.UNKNOWN || !read(block, row, p)) {
          continue;
        }
        double all = 0;
        for (int c = 0; c < classes; c++) {
          mean[c] = 0;
          for (int model = 0; model < models; model++) {
            mean[c] += weights.weight(model, c) * p[model][c];
          }
          all += mean[c];
        }
        double right = Math.max(mean[label], Judged.LEAST_PROBABILITY);
        sums[0]++;
        sums[1] += Math.log(all) - Math.log(right);
        for (int model = 0; model < models; model++) {
          for (int c = 0; c < classes; c++) {
            sums[2 + model * classes + c] +=
                p[model][c] / all - (c == label ? p[model][c] / right : 0);
          }
        }
      }
    }

    private static boolean read(Block block, int row, double[][] p) {
      for (int model = 0; model < p.length; model++) {
        int at = block.at(row) + model * block.classes();
        if (Double.isNaN(block.logits()[at])) {
          return false;
        }
        System.arraycopy(block.logits(), at, p[model], 0, p[model].length);
        Softmax.of(p[model], 0, p[model].length, p[model]);
      }
      return true;
    }
  }

  /**
   * The weights.
   *
   * @throws UserException if no example has a label
   */
  Weights over(Passes passes) {
    return weights(Minimiser.least(x -> at(x, passes), new double[models * classes]));
  }

  /** Weights that are 0 or more and sum to one for each class: by a softmax over the models. */
  private Weights weights(double[] x) {
    double[][] weights = new double[models][classes];
    double[] column = new double[models];
    for (int c = 0; c < classes; c++) {
      for (int model = 0; model < models; model++) {
        column[model] = x[model * classes + c];
      }
      Softmax.of(column, 0, models, column);
      for (int model = 0; model < models; model++) {
        weights[model][c] = column[model];
      }
    }
    return new Weights(weights);
  }

  private double[] at(double[] x, Passes passes) {
    Weights weights = weights(x);
    double[] sums = passes.over(new Sums(weights));
    if (sums[0] == 0) {
      throw new UserException(
          "Weights of %s models need labelled examples that all of them predict; there are none"
              .formatted(models));
    }
    double[] found = new double[1 + x.length];
    found[0] = sums[1] / sums[0];
    for (int c = 0; c < classes; c++) {
      double level = 0;
      for (int model = 0; model < models; model++) {
        level += weights.weight(model, c) * sums[2 + model * classes + c];
      }
      for (int model = 0; model < models; model++) {
        double slope = sums[2 + model * classes + c];
        found[1 + model * classes + c] = weights.weight(model, c) * (slope - level) / sums[0];
      }
    }
    return found;
  }
}
