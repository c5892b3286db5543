package dev.stockpot.kernels.matrix;

/**
 * Eigenvalues and vectors of symmetric matrices: singular ones of the matrix plus so much of the
 * identity that it is positive definite, as those are equal. Errors are relative to the largest sum
 * of magnitudes of a row.
 */
final class EigenValues {
  private final MatrixMemory memory;
  private final SingularValues singularValues;

  EigenValues(MatrixMemory memory, SingularValues singularValues) {
    this.memory = memory;
    this.singularValues = singularValues;
  }

  Eigen of(Matrix a) {
    int n = a.rows();
    if (a.columns() != n) {
      throw new IllegalArgumentException("%s is not square".formatted(a));
    }
    Sums.requireFinite(a);
    try (Matrix shifted = memory.matrix(n, n)) {
      double shift = copySymmetric(a, shifted);
      for (int i = 0; i < n; i++) {
        shifted.set(i, i, shifted.at(i, i) + shift);
      }
      Svd svd = singularValues.of(shifted);
      svd.left().close();
      double[] values = svd.values();
      for (int i = 0; i < n; i++) {
        values[i] -= shift;
      }
      return new Eigen(values, svd.right());
    }
  }

  /**
   * Copies the lower half to both.
   *
   * @return a bound of all magnitudes of eigenvalues, and a tenth more
   */
  private static double copySymmetric(Matrix from, Matrix to) {
    int n = from.rows();
    double[] row = new double[n];
    for (int i = 0; i < n; i++) {
      from.read(i, 0, row, 0, i + 1);
      to.write(i, 0, row, 0, i + 1);
    }
    Transposition.mirror(to);
    double largest = 0;
    for (int i = 0; i < n; i++) {
      to.read(i, 0, row, 0, n);
      double sum = 0;
      for (double element : row) {
        sum += Math.abs(element);
      }
      largest = Math.max(largest, sum);
    }
    return 1.1 * largest;
  }
}
