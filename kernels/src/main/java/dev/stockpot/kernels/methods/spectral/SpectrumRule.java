package dev.stockpot.kernels.methods.spectral;

import dev.stockpot.kernels.matrix.Demand;
import dev.stockpot.kernels.matrix.Svd;
import java.io.Serializable;

/** What becomes of the singular values of a merged task vector. */
interface SpectrumRule extends Serializable {
  /**
   * Other values for the same vectors, in their order.
   *
   * @param svd of the merged task vector
   * @param tasks those that it was merged of
   */
  double[] values(Svd svd, TaskMatrices tasks);

  /** What it takes to find them. */
  Demand demand(MatrixForm form, int models);
}
