package dev.stockpot.kernels.methods.widths;

import dev.stockpot.kernels.matrix.Matrix;

/** Means of the columns of a matrix. */
final class ColumnMeans {
  private ColumnMeans() {}

  static double[] of(Matrix rows) {
    double[] means = new double[rows.columns()];
    double[] row = new double[rows.columns()];
    for (int i = 0; i < rows.rows(); i++) {
      rows.read(i, 0, row, 0, row.length);
      for (int j = 0; j < row.length; j++) {
        means[j] += row[j];
      }
    }
    for (int j = 0; j < means.length; j++) {
      means[j] /= rows.rows();
    }
    return means;
  }

  /** Takes them away from every row. */
  static void center(Matrix rows) {
    double[] means = of(rows);
    double[] row = new double[rows.columns()];
    for (int i = 0; i < rows.rows(); i++) {
      rows.read(i, 0, row, 0, row.length);
      for (int j = 0; j < row.length; j++) {
        row[j] -= means[j];
      }
      rows.write(i, 0, row, 0, row.length);
    }
  }
}
