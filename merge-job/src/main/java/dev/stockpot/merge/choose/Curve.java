package dev.stockpot.merge.choose;

/**
 * A curve through, or bent by, some models: the first is where it begins, the last where it ends.
 *
 * @see <a href="https://arxiv.org/abs/1802.10026">Garipov et al. 2018, Loss surfaces and mode
 *     connectivity</a>
 */
public enum Curve {
  /** Bernstein's weights: C(n, j) tʲ (1 − t)ⁿ⁻ʲ; of three models the second is the bend. */
  BEZIER {
    @Override
    double[] weights(int step, int steps, int models) {
      double[] weights = new double[models];
      double t = (double) step / steps;
      double rest = (double) (steps - step) / steps;
      double choose = 1;
      for (int j = 0; j < models; j++) {
        weights[j] = choose * power(t, j) * power(rest, models - 1 - j);
        choose = choose * (models - 1 - j) / (j + 1);
      }
      return weights;
    }
  },
  /** Straight from each model to the next, each as long as the others; of two models a line. */
  POLYGON {
    @Override
    double[] weights(int step, int steps, int models) {
      // in whole numbers, so that models in between are met exactly
      long way = (long) step * (models - 1);
      int from = (int) Math.min(models - 2L, way / steps);
      double share = (double) (way - (long) from * steps) / steps;
      double[] weights = new double[models];
      weights[from] = 1 - share;
      weights[from + 1] = share;
      return weights;
    }
  };

  /**
   * Weights of the models at a point; their sum is 1.
   *
   * @param step 0 at the beginning, as many as {@code steps} at the end
   * @param models at least 2
   */
  abstract double[] weights(int step, int steps, int models);

  private static double power(double base, int exponent) {
    double power = 1;
    for (int i = 0; i < exponent; i++) {
      power *= base;
    }
    return power;
  }
}
