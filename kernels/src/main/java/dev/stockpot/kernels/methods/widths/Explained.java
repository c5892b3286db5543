package dev.stockpot.kernels.methods.widths;

import dev.stockpot.kernels.matrix.Demand;
import dev.stockpot.kernels.matrix.Matrices;
import dev.stockpot.kernels.matrix.Matrix;
import dev.stockpot.kernels.method.MatrixProgram;
import dev.stockpot.kernels.method.WholeTensor;
import java.util.List;

/** R²: the share of the variance of some rows that a map from others explains. */
record Explained(long rows, long from, long to, boolean isCentered) implements MatrixProgram {
  /** What it is called where it is told. */
  static final String MEASURE = "R² of the fit";

  @Override
  public Demand demand() {
    return Demand.matrix(rows, from)
        .and(Demand.matrix(rows, to))
        .and(Demand.matrix(to, from))
        .and(Demand.product(rows, to, from))
        .and(Demand.matrix(1, 1));
  }

  @Override
  public void make(Matrices algebra, List<WholeTensor> inputs, WholeTensor output) {
    try (Matrix a = inputs.get(0).matrix(algebra);
        Matrix b = inputs.get(1).matrix(algebra);
        Matrix map = inputs.get(2).matrix(algebra);
        Matrix share = algebra.zeros(1, 1)) {
      if (isCentered) { // as if the map's bias were added
        ColumnMeans.center(a);
        ColumnMeans.center(b);
      }
      try (Matrix left = algebra.multiply(a, map.transposed())) {
        algebra.addScaled(-1, b, left);
        share.set(0, 0, 1 - algebra.inner(left, left) / spread(b));
        output.write(algebra, share);
      }
    }
  }

  /**
   * Squared distances of the rows from their mean, added.
   *
   * @throws IllegalArgumentException if there are none
   */
  static double spread(Matrix rows) {
    double[] means = ColumnMeans.of(rows);
    double sum = 0;
    for (int j = 0; j < rows.columns(); j++) {
      for (int i = 0; i < rows.rows(); i++) {
        double off = rows.at(i, j) - means[j];
        sum += off * off;
      }
    }
    if (!(sum > 0)) {
      throw new IllegalArgumentException(
          "all %s rows that are to be met are the same".formatted(rows.rows()));
    }
    return sum;
  }
}
