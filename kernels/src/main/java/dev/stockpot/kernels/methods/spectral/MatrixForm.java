package dev.stockpot.kernels.methods.spectral;

import dev.stockpot.kernels.method.TensorRole;
import dev.stockpot.kernels.method.TensorTerms;
import dev.stockpot.kernels.number.Shape;
import java.io.Serializable;
import java.util.Optional;

/**
 * The matrices that a tensor is.
 *
 * @param count more than one for a stack of experts
 * @param rows of each
 * @param columns of each
 */
record MatrixForm(int count, int rows, int columns) implements Serializable {

  /**
   * The matrices of a tensor that such methods are for: weights of layers, kernels of convolutions
   * as outputs x all else, and each expert of a stack. Not vectors, tables of tokens and positions,
   * and output heads.
   */
  static Optional<MatrixForm> of(TensorTerms terms) {
    return terms.role() == TensorRole.INNER
        ? ofShape(terms.tensor(), terms.shape())
        : Optional.empty();
  }

  private static Optional<MatrixForm> ofShape(String tensor, Shape shape) {
    int rank = shape.dimensions().size();
    boolean isStack = rank == 3 && tensor.contains("experts");
    boolean isKernel = rank > 3 || (rank == 3 && tensor.contains("conv"));
    if (shape.elements() == 0 || !(rank == 2 || isStack || isKernel)) {
      return Optional.empty();
    }
    int count = isStack ? Math.toIntExact(shape.dimensions().get(0)) : 1;
    int rows = Math.toIntExact(shape.dimensions().get(isStack ? 1 : 0));
    return Optional.of(
        new MatrixForm(count, rows, Math.toIntExact(shape.elements() / count / rows)));
  }

  int least() {
    return Math.min(rows, columns);
  }
}
