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
      upper[diagonal] = Math.sqrt(pivot);
      for (int j = 1; j < size - k; j++) {
        upper[diagonal + j] /= upper[diagonal];
      }
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
}
