package dev.stockpot.merge.plan;

import dev.stockpot.kernels.matrix.Demand;
import dev.stockpot.kernels.matrix.Matrix;

/**
 * What it takes to find two thin matrices.
 *
 * @param delta the change
 * @param rank of their product, or the most that it may have
 */
record FactorsCost(Delta delta, long rank) {
  static FactorsCost of(Factors work) {
    return new FactorsCost(work.delta(), work.rank());
  }

  private long rows() {
    return delta.shape().dimensions().get(0);
  }

  private long columns() {
    return delta.shape().dimensions().get(1);
  }

  private Demand largest() {
    return Demand.largest(rows(), columns(), Math.toIntExact(rank));
  }

  /** Bytes of matrices. */
  long bytes() {
    long factors = 4 * Matrix.bytes(rows() + columns(), rank);
    if (delta.keepsFactors()) {
      return delta.workingBytes() + factors;
    }
    long dense = Matrix.bytes(rows(), columns());
    return dense + Math.max(delta.workingBytes(), largest().bytes()) + factors;
  }

  /** Those of finding the largest singular values, whatever the change is worked out from. */
  double operations() {
    return largest().operations();
  }
}
