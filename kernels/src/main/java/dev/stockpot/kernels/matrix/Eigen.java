package dev.stockpot.kernels.matrix;

import static java.util.Objects.requireNonNull;

/**
 * {@code A = V diag(values) Vᵀ} of a symmetric matrix of order n.
 *
 * @param values in descending order
 * @param rows {@code Vᵀ}: vectors as rows, n x n
 */
public record Eigen(double[] values, Matrix rows) implements AutoCloseable {
  public Eigen {
    requireNonNull(rows, "rows is null");
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
