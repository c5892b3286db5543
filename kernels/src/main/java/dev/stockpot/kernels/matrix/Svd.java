package dev.stockpot.kernels.matrix;

import static java.util.Objects.requireNonNull;

/**
 * {@code A = U diag(values) Vᵀ} of an m x n matrix. Vectors lie as rows, those of one value in one
 * row; each pair of them is unique but for its sign, and where values are equal any basis of their
 * space may come.
 */
public final class Svd implements AutoCloseable {
  private final Matrix left;
  private final double[] values;
  private final Matrix right;

  Svd(Matrix left, double[] values, Matrix right) {
    this.left = requireNonNull(left, "left is null");
    this.values = requireNonNull(values, "values is null");
    this.right = requireNonNull(right, "right is null");
    if (left.rows() != values.length || right.rows() != values.length) {
      throw new IllegalArgumentException(
          "%s values for vectors %s and %s".formatted(values.length, left, right));
    }
  }

  /** {@code Uᵀ}: k x m. */
  public Matrix left() {
    return left;
  }

  /** K singular values in descending order, not negative. */
  public double[] values() {
    return values.clone();
  }

  /** {@code Vᵀ}: k x n. */
  public Matrix right() {
    return right;
  }

  /** {@code U}: m x k, a view. */
  public Matrix u() {
    return left.transposed();
  }

  /** {@code V}: n x k, a view. */
  public Matrix v() {
    return right.transposed();
  }

  /** That of the matrix times so much; it takes the vectors along. */
  Svd times(double factor) {
    double[] scaled = values.clone();
    for (int i = 0; i < scaled.length; i++) {
      scaled[i] *= factor;
    }
    return new Svd(left, scaled, right);
  }

  /** That of the transpose; it takes the vectors along. */
  Svd turned() {
    return new Svd(/* left= */ right, values, /* right= */ left);
  }

  @Override
  public void close() {
    left.close();
    right.close();
  }
}
