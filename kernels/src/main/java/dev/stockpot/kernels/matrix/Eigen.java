package dev.stockpot.kernels.matrix;

import static java.util.Objects.requireNonNull;

/** {@code A = V diag(values) Vᵀ} of a symmetric matrix of order n. */
public final class Eigen implements AutoCloseable {
  private final double[] values;
  private final Matrix rows;

  Eigen(double[] values, Matrix rows) {
    this.values = requireNonNull(values, "values is null");
    this.rows = requireNonNull(rows, "rows is null");
  }

  /** In descending order. */
  public double[] values() {
    return values.clone();
  }

  /** {@code Vᵀ}: vectors as rows, n x n. */
  public Matrix rows() {
    return rows;
  }

  /** {@code V}: vectors as columns, a view. */
  public Matrix v() {
    return rows.transposed();
  }

  @Override
  public void close() {
    rows.close();
  }
}
