package dev.stockpot.kernels.matrix;

import dev.stockpot.kernels.matrix.Multiplication.Wanted;

/** {@code AᵀA}, by which columns are multiplied. */
sealed interface Squares extends AutoCloseable permits Squares.InTurns, PackedSquare {
  /** {@code into = AᵀA x}. */
  void multiply(Matrix x, Matrix into);

  @Override
  void close();

  /** By A, then by its transpose: where A is so large that few columns cost less than AᵀA. */
  final class InTurns implements Squares {
    private final Multiplication multiplication;
    private final Matrix a;
    private final Matrix between;

    InTurns(MatrixMemory memory, Multiplication multiplication, Matrix a, int width) {
      this.multiplication = multiplication;
      this.a = a;
      this.between = memory.matrix(a.rows(), width);
    }

    @Override
    public void multiply(Matrix x, Matrix into) {
      multiplication.set(1, a, x, between, Wanted.ALL);
      multiplication.set(1, a.transposed(), between, into, Wanted.ALL);
    }

    @Override
    public void close() {
      between.close();
    }
  }
}
