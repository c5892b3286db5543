package dev.stockpot.kernels.matrix;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Adds to a diagonal until a Cholesky factor exists. */
final class Ridges {
  /** The first that is tried where none was asked for, times the mean of the diagonal. */
  static final double LEAST = 1e-12;

  private static final Logger LOG = LoggerFactory.getLogger(Ridges.class);
  private static final double STEP = 10;
  private static final double MOST = 1;

  private final MatrixMemory memory;
  private final Cholesky cholesky;

  Ridges(MatrixMemory memory, Cholesky cholesky) {
    this.memory = memory;
    this.cholesky = cholesky;
  }

  CholeskyFactor factor(Matrix a, double ridge) {
    int n = a.rows();
    if (a.columns() != n) {
      throw new IllegalArgumentException("%s is not square".formatted(a));
    }
    if (!(ridge >= 0 && ridge <= MOST)) {
      throw new IllegalArgumentException(
          "ridge is %s, must be from 0 to %s times the mean of the diagonal"
              .formatted(ridge, MOST));
    }
    Sums.requireFinite(a);
    double mean = 0;
    for (int i = 0; i < n; i++) {
      mean += a.at(i, i) / n;
    }
    if (!(mean > 0)) {
      throw new IllegalArgumentException(
          "mean of the diagonal of %s is %s, must be above 0".formatted(a, mean));
    }
    Matrix lower = memory.matrix(n, n);
    double tried = ridge;
    for (int escalations = 0; tried <= MOST; escalations++) {
      copyLower(a, tried * mean, lower);
      if (cholesky.factor(lower)) {
        if (escalations > 0) {
          LOG.info(
              "{} needed a ridge of {} times the mean of its diagonal instead of {}",
              a,
              tried,
              ridge);
        }
        return new CholeskyFactor(lower, tried * mean, escalations);
      }
      tried = Math.max(LEAST, tried * STEP);
    }
    lower.close();
    throw new IllegalArgumentException(
        "%s is far from positive semidefinite: a ridge of %s times the mean of its diagonal does"
                .formatted(a, MOST)
            + " not help. Are its statistics those of one set of inputs, and symmetric?");
  }

  private static void copyLower(Matrix from, double ridge, Matrix to) {
    double[] row = new double[from.columns()];
    for (int i = 0; i < from.rows(); i++) {
      from.read(i, 0, row, 0, i + 1);
      row[i] += ridge;
      to.write(i, 0, row, 0, row.length);
    }
  }
}
