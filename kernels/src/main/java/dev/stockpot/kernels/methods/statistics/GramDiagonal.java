package dev.stockpot.kernels.methods.statistics;

import dev.stockpot.kernels.matrix.CholeskyFactor;
import dev.stockpot.kernels.matrix.Matrix;

/** What the diagonal of a Gram matrix, and of its factor, tells of it. */
final class GramDiagonal {
  /** Of the diagonal's mean: below it is rounding. */
  private static final double LEAST = 1e-14;

  /** A pivot that is not so often the ridge is nothing but the ridge. */
  private static final double ABOVE_RIDGE = 1_000;

  private GramDiagonal() {}

  /**
   * The rank of a matrix, about, in units of its order: where an input depends on those before,
   * elimination leaves a pivot of not much more than the ridge.
   */
  static double share(CholeskyFactor factor, Matrix gram) {
    double least = ABOVE_RIDGE * Math.max(factor.ridge(), LEAST * mean(gram));
    int order = gram.rows();
    int rank = 0;
    for (int i = 0; i < order; i++) {
      double root = factor.lower().at(i, i);
      rank += root * root > least ? 1 : 0;
    }
    return (double) rank / order;
  }

  static double mean(Matrix gram) {
    double mean = 0;
    for (int i = 0; i < gram.rows(); i++) {
      mean += gram.at(i, i) / gram.rows();
    }
    return mean;
  }

  static boolean isZero(Matrix gram) {
    for (int i = 0; i < gram.rows(); i++) {
      if (gram.at(i, i) > 0) {
        return false;
      }
    }
    return true;
  }
}
