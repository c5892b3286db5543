package dev.stockpot.kernels.methods.spectral;

import dev.stockpot.kernels.matrix.Demand;
import dev.stockpot.kernels.matrix.Matrices;
import dev.stockpot.kernels.matrix.Matrix;
import dev.stockpot.kernels.matrix.Svd;
import java.util.Arrays;

/**
 * Singular vectors of several matrices side by side, made orthonormal together, and their values.
 * Vectors are rows.
 */
final class JoinedSubspaces implements AutoCloseable {
  private final Matrices algebra;
  private final Matrix left;
  private final Matrix right;
  private final double[] values;
  private int filled;

  JoinedSubspaces(Matrices algebra, MatrixForm form, int vectors) {
    this.algebra = algebra;
    left = algebra.zeros(vectors, form.rows());
    right = algebra.zeros(vectors, form.columns());
    values = new double[vectors];
  }

  /** What it takes with so many vectors, its result and one copy of that among it. */
  static Demand demand(MatrixForm form, int vectors) {
    Demand left = Demand.matrix(vectors, form.rows());
    Demand right = Demand.matrix(vectors, form.columns());
    Demand leftPolar = Demand.polar(vectors, form.rows());
    Demand rightPolar = Demand.polar(vectors, form.columns());
    Demand product = Demand.product(form.rows(), form.columns(), vectors);
    return left.and(right)
        .and(leftPolar.then(left.and(rightPolar)).then(left.and(right).and(product)));
  }

  /** Adds the first so many. */
  void add(Svd svd, int count) {
    copy(svd.left(), left, count);
    copy(svd.right(), right, count);
    System.arraycopy(svd.values(), 0, values, filled, count);
    filled += count;
  }

  private void copy(Matrix from, Matrix to, int count) {
    double[] row = new double[from.columns()];
    for (int i = 0; i < count; i++) {
      from.read(i, 0, row, 0, row.length);
      to.write(filled + i, 0, row, 0, row.length);
    }
  }

  /** All values become their mean. */
  void flatten() {
    Arrays.fill(values, 0, filled, Arrays.stream(values, 0, filled).sum() / filled);
  }

  /** {@code U diag(values) Vᵀ} with the nearest orthonormal U and V. */
  Matrix product() {
    try (Matrix u = algebra.polar(left);
        Matrix v = algebra.polar(right)) {
      double[] row = new double[u.columns()];
      for (int i = 0; i < values.length; i++) {
        u.read(i, 0, row, 0, row.length);
        for (int j = 0; j < row.length; j++) {
          row[j] *= values[i];
        }
        u.write(i, 0, row, 0, row.length);
      }
      return algebra.multiply(u.transposed(), v);
    }
  }

  @Override
  public void close() {
    left.close();
    right.close();
  }
}
