package dev.stockpot.kernels.matrix;

import dev.stockpot.kernels.MatrixKernels;

/**
 * A small triangle of a Cholesky factor in an array, as its transpose: {@code u[k][j]}, j from k,
 * is element j, k of the lower factor.
 */
final class Triangle {
  private final MatrixKernels kernels;
  private final int size;
  private final double[] upper;
  private final double[] factors;

  /** What lies on and below the diagonal of a square. */
  Triangle(MatrixKernels kernels, Matrix square) {
    this.kernels = kernels;
    this.size = square.rows();
    this.upper = new double[size * size];
    this.factors = new double[size];
    double[] row = new double[size];
    for (int i = 0; i < size; i++) {
      square.read(i, 0, row, 0, i + 1);
      for (int j = 0; j <= i; j++) {
        upper[j * size + i] = row[j];
      }
    }
  }

  /**
   * Replaces a symmetric matrix by its factor.
   *
   * @param least what pivot i has to be above
   * @return whether all of them were
   */
  boolean factor(double[] least, int first) {
    for (int k = 0; k < size; k++) {
      int diagonal = k * size + k;
      for (int p = 0; p < k; p++) {
        factors[p] = -upper[p * size + k];
      }
      kernels.addRows(k, upper, k, size, factors, 0, upper, diagonal, size - k);
      double pivot = upper[diagonal];
      if (!(pivot > least[first + k])) {
        return false;
      }
      divide(upper, diagonal, size - k, Math.sqrt(pivot));
    }
    return true;
  }

  /** Writes the factor, with zeros above the diagonal. */
  void writeTo(Matrix square) {
    double[] row = new double[size];
    for (int i = 0; i < size; i++) {
      for (int j = 0; j < size; j++) {
        row[j] = j <= i ? upper[j * size + i] : 0;
      }
      square.write(i, 0, row, 0, size);
    }
  }

  /** Solves {@code L x = b}: x takes the place of b, whose rows lie {@code stride} apart. */
  void solve(double[] x, int stride, int width) {
    for (int k = 0; k < size; k++) {
      for (int p = 0; p < k; p++) {
        factors[p] = -upper[p * size + k];
      }
      kernels.addRows(k, x, 0, stride, factors, 0, x, k * stride, width);
      divide(x, k * stride, width, upper[k * size + k]);
    }
  }

  /** Solves {@code Lᵀ x = b} in the same way. */
  void solveTransposed(double[] x, int stride, int width) {
    for (int k = size - 1; k >= 0; k--) {
      int below = size - 1 - k;
      for (int p = 0; p < below; p++) {
        factors[p] = -upper[k * size + k + 1 + p];
      }
      kernels.addRows(below, x, (k + 1) * stride, stride, factors, 0, x, k * stride, width);
      divide(x, k * stride, width, upper[k * size + k]);
    }
  }

  private static void divide(double[] x, int from, int count, double divisor) {
    for (int j = from; j < from + count; j++) {
      x[j] /= divisor;
    }
  }
}
