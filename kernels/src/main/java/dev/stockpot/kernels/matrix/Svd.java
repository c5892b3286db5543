package dev.stockpot.kernels.matrix;

import static java.util.Objects.requireNonNull;

/**
 * {@code A = U diag(values) Vᵀ}. Vectors lie as rows, those of one value in one row; each pair of
 * them is unique but for its sign, and where values are equal any basis of their space may come.
 *
 * @param left {@code Uᵀ}: k x m
 * @param values k of them, in descending order, not negative
 * @param right {@code Vᵀ}: k x n
 */
public record Svd(Matrix left, double[] values, Matrix right) implements AutoCloseable {
  public Svd {
    requireNonNull(left, "left is null");
    requireNonNull(right, "right is null");
    if (left.rows() != values.length || right.rows() != values.length) {
      throw new IllegalArgumentException(
          "%s values for vectors %s and %s".formatted(values.length, left, right));
    }
  }

  /** {@code U}: m x k, a view. */
  public Matrix u() {
    return left.transposed();
  }

  /** {@code V}: n x k, a view. */
  public Matrix v() {
    return right.transposed();
  }

  @Override
  public void close() {
    left.close();
    right.close();
  }
}
