package dev.stockpot.kernels.matrix;

import dev.stockpot.kernels.matrix.Multiplication.Wanted;

/**
 * QR of matrices with many more rows than columns (Demmel et al., 2012): bands of rows that stay in
 * the cache are factored by themselves, then what their triangles make, one upon the other.
 */
final class TallQr {
  private static final int LEAST_BAND = 1_024;

  private final MatrixMemory memory;
  private final Householder householder;
  private final Multiplication multiplication;

  TallQr(MatrixMemory memory, Householder householder, Multiplication multiplication) {
    this.memory = memory;
    this.householder = householder;
    this.multiplication = multiplication;
  }

  /** As {@link Householder#factor}, but R are the first rows of what takes the matrix's place. */
  Matrix factor(Matrix a) {
    int n = a.columns();
    int band = Math.max(LEAST_BAND, 4 * n);
    int bands = a.rows() / band;
    if (bands < 2) {
      return householder.factor(a);
    }
    Matrix q = memory.matrix(a.rows(), n);
    try (Matrix triangles = memory.matrix(bands * n, n)) {
      for (int i = 0; i < bands; i++) {
        Matrix part = band(a, band, bands, i);
        try (Matrix local = householder.factor(part)) {
          Sums.copy(local, band(q, band, bands, i));
        }
        Sums.copy(part.window(0, 0, n, n), triangles.window(i * n, 0, n, n));
      }
      try (Matrix joint = factor(triangles)) {
        for (int i = 0; i < bands; i++) {
          Matrix part = band(q, band, bands, i);
          try (Matrix local = memory.matrix(part.rows(), n)) {
            Sums.copy(part, local);
            multiplication.set(1, local, joint.window(i * n, 0, n, n), part, Wanted.ALL);
          }
        }
      }
      Sums.copy(triangles.window(0, 0, n, n), a.window(0, 0, n, n));
    }
    return q;
  }

  /** The last band takes the rows that are left over. */
  private static Matrix band(Matrix of, int rows, int bands, int number) {
    int first = number * rows;
    int count = number == bands - 1 ? of.rows() - first : rows;
    return of.window(first, 0, count, of.columns());
  }
}
