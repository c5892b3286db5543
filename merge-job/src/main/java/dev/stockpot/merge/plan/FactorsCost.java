package dev.stockpot.merge.plan;

import dev.stockpot.kernels.matrix.Matrix;

/**
 * What it takes to find two thin matrices.
 *
 * @param delta the change
 * @param rank of their product, or the most that it may have
 */
record FactorsCost(Delta delta, long rank) {
  /** Matrices as large as the change, where all singular values are taken. */
  private static final long AT_ONCE_OF_ALL = 8;

  /** What range finding takes beside the wanted columns, in units of these. */
  private static final long THIN_AT_ONCE = 6;

  private static final long SMALL_AT_ONCE = 8;

  /** How often range finding goes through a matrix and back, as a rule. */
  private static final int ROUNDS = 5;

  static FactorsCost of(Factors work) {
    return new FactorsCost(work.delta(), work.rank());
  }

  private long rows() {
    return delta.shape().dimensions().get(0);
  }

  private long columns() {
    return delta.shape().dimensions().get(1);
  }

  /** Columns that range finding works with. */
  private long width() {
    return rank + Math.max(16, rank / 2);
  }

  /** Whether these are so many that it takes all values. */
  private boolean takesAll() {
    return 3 * width() > Math.min(rows(), columns());
  }

  /** Bytes of matrices. */
  long bytes() {
    long factors = 4 * Matrix.bytes(rows() + columns(), rank);
    if (delta.keepsFactors()) {
      return delta.workingBytes() + factors;
    }
    long dense = Matrix.bytes(rows(), columns());
    if (takesAll()) {
      return dense * AT_ONCE_OF_ALL + delta.workingBytes() + factors;
    }
    long thin = Matrix.bytes(rows() + columns(), width()) * THIN_AT_ONCE;
    long small = Matrix.bytes(width(), width()) * SMALL_AT_ONCE;
    return dense + Math.max(delta.workingBytes(), dense + thin + small) + factors;
  }

  /** Range finding goes through the matrix some times; all values take many more. */
  double operations() {
    double elements = (double) rows() * columns();
    return takesAll()
        ? 20 * elements * Math.min(rows(), columns())
        : 2 * ROUNDS * 2 * elements * width();
  }
}
