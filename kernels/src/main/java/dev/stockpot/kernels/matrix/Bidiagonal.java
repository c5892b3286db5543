package dev.stockpot.kernels.matrix;

/**
 * {@code A = Q B Pᵀ} of an m x n matrix, m not below n: B is upper bidiagonal, n x n. It is filled
 * while the matrix is reduced.
 */
final class Bidiagonal {
  /**
   * M x n: column i below the diagonal holds the vector of the left reflection i without its one;
   * row i right of the element beside the diagonal that of the right reflection.
   */
  final Matrix packed;

  final double[] diagonal;

  /** The n - 1 elements right of the diagonal. */
  final double[] beside;

  /** Scales of the left reflections. */
  final double[] left;

  /** Scales of the right reflections, the last of which is zero. */
  final double[] right;

  Bidiagonal(Matrix packed) {
    this.packed = packed;
    int n = packed.columns();
    diagonal = new double[n];
    beside = new double[n - 1];
    left = new double[n];
    right = new double[n];
  }
}
