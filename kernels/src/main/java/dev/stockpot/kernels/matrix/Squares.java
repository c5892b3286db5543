package dev.stockpot.kernels.matrix;

import dev.stockpot.kernels.MatrixKernels;

/** {@code AᵀA}, by which a few columns are multiplied many times. */
sealed interface Squares extends AutoCloseable permits Squares.Gram, Squares.InTurns {
  /** {@code into = AᵀA x}. */
  void multiply(Matrix x, Matrix into);

  @Override
  void close();

  /** By AᵀA itself, which it closes. */
  final class Gram implements Squares {
    private final Columns columns;
    private final Matrix square;

    Gram(MatrixKernels kernels, Workers workers, Matrix square, int width) {
      this.square = square;
      columns = new Columns(kernels, workers, square, width);
    }

    @Override
    public void multiply(Matrix x, Matrix into) {
      columns.multiply(x, into);
    }

    @Override
    public void close() {
      square.close();
    }
  }

  /** By A, then by its transpose: where A is so large that few columns cost less than AᵀA. */
  final class InTurns implements Squares {
    private final Columns columns;
    private final boolean isTransposed;
    private final MatrixMemory memory;
    private final int between;
    private final int width;

    InTurns(MatrixMemory memory, MatrixKernels kernels, Workers workers, Matrix a, int width) {
      this.memory = memory;
      this.width = width;
      isTransposed = a.isTransposed();
      between = a.rows();
      columns = new Columns(kernels, workers, isTransposed ? a.transposed() : a, width);
    }

    @Override
    public void multiply(Matrix x, Matrix into) {
      if (!isTransposed) {
        columns.multiplyTwice(x, into);
        return;
      }
      try (Matrix y = memory.matrix(between, width)) {
        columns.multiplyTurned(x, y);
        columns.multiply(y, into);
      }
    }

    @Override
    public void close() {}
  }
}
