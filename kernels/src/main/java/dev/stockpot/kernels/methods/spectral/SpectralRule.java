package dev.stockpot.kernels.methods.spectral;

import dev.stockpot.kernels.matrix.Demand;
import dev.stockpot.kernels.matrix.Matrix;
import java.io.Serializable;

/** How the task vectors of a matrix become one. */
interface SpectralRule extends Serializable {
  /** What it takes beside the base; its result counted. */
  Demand demand(MatrixForm form, int models);

  /** The merged task vector, a new matrix. */
  Matrix merge(TaskMatrices tasks);

  /** One matrix of that form. */
  static Demand one(MatrixForm form) {
    return Demand.matrix(form.rows(), form.columns());
  }

  /** {@link TaskMatrices#sum}, of which one stays. */
  static Demand sum(MatrixForm form, int models) {
    return one(form).and(one(form).times(models));
  }
}
