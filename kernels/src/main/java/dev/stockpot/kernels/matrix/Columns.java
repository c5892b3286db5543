package dev.stockpot.kernels.matrix;

import dev.stockpot.kernels.MatrixKernels;

/** A few columns, multiplied by a matrix that lies row by row, a {@link Strip} at a time. */
final class Columns {
  private final MatrixKernels kernels;
  private final Matrix matrix;
  private final int width;
  private final Strip strip;
  private final double[] packed;

  Columns(MatrixKernels kernels, Workers workers, Matrix matrix, int width) {
    this.matrix = matrix;
    this.width = width;
    this.kernels = kernels;
    strip = new Strip(kernels, workers, matrix.columns(), width);
    int longest = Math.max(matrix.rows(), matrix.columns());
    packed = new double[longest * Panels.padded(width, kernels.tileColumns())];
  }

  private void pack(Matrix x) {
    Panels.packColumns(kernels, x, 0, x.rows(), 0, width, packed);
  }

  /** {@code into = matrix x}. */
  void multiply(Matrix x, Matrix into) {
    pack(x);
    for (int row = 0, next; row < matrix.rows(); row = next) {
      next = strip.read(matrix, row);
      strip.multiply(packed);
      strip.write(into, row);
    }
  }

  /** {@code into = matrixᵀ x}. */
  void multiplyTurned(Matrix x, Matrix into) {
    pack(x);
    double[] sums = strip.sums();
    for (int row = 0, next; row < matrix.rows(); row = next) {
      next = strip.read(matrix, row);
      strip.addTurned(packed, matrix.rows(), row, sums);
    }
    strip.write(sums, into);
  }

  /** {@code into = matrixᵀ matrix x}, for which the matrix is read once. */
  void multiplyTwice(Matrix x, Matrix into) {
    pack(x);
    double[] sums = strip.sums();
    for (int row = 0, next; row < matrix.rows(); row = next) {
      next = strip.read(matrix, row);
      strip.multiply(packed);
      strip.addTurnedProduct(sums);
    }
    strip.write(sums, into);
  }
}
