package dev.stockpot.kernels.matrix;

import dev.stockpot.kernels.MatrixKernels;
import dev.stockpot.kernels.matrix.Multiplication.Wanted;

/**
 * Factors positive definite matrices and solves with them, half by half, so that nearly all is done
 * by products of large matrices; what is left are triangles of {@value #LEAF} rows.
 */
final class Cholesky {
  private static final int LEAF = 64;

  private final MatrixKernels kernels;
  private final Multiplication multiplication;

  Cholesky(MatrixKernels kernels, Multiplication multiplication) {
    this.kernels = kernels;
    this.multiplication = multiplication;
  }

  /**
   * Replaces a symmetric matrix, of which the lower half is read, by its lower factor.
   *
   * @return false, and the matrix is destroyed, if a pivot is not above what rounding leaves of a
   *     zero: order times 2⁻⁵² of the diagonal element
   */
  boolean factor(Matrix a) {
    int n = a.rows();
    double[] least = new double[n];
    for (int i = 0; i < n; i++) {
      least[i] = Math.max(0, n * 0x1p-52 * a.at(i, i));
    }
    return factor(a, least, 0);
  }

  private boolean factor(Matrix a, double[] least, int first) {
    int n = a.rows();
    if (n <= LEAF) {
      Triangle triangle = new Triangle(kernels, a);
      boolean isDefinite = triangle.factor(least, first);
      if (isDefinite) {
        triangle.writeTo(a);
      }
      return isDefinite;
    }
    int half = half(n);
    Matrix top = a.window(0, 0, half, half);
    Matrix below = a.window(half, 0, n - half, half);
    Matrix rest = a.window(half, half, n - half, n - half);
    if (!factor(top, least, first)) {
      return false;
    }
    forward(top, below.transposed()); // below Lᵀ = what was there: its rows are right sides
    multiplication.add(-1, below, below.transposed(), rest, Wanted.LOWER);
    zero(a.window(0, half, half, n - half));
    return factor(rest, least, first + half);
  }

  /** Whole leaves, as many as the rest has or one more. */
  private static int half(int n) {
    int leaves = (n + LEAF - 1) / LEAF;
    return (leaves + 1) / 2 * LEAF;
  }

  private static void zero(Matrix x) {
    double[] zeros = new double[x.columns()];
    for (int i = 0; i < x.rows(); i++) {
      x.write(i, 0, zeros, 0, zeros.length);
    }
  }

  /** Solves {@code L Lᵀ x = b}; x takes the place of b. */
  void solve(Matrix lower, Matrix x) {
    forward(lower, x);
    back(lower, x);
  }

  /** Solves {@code L x = b}. */
  private void forward(Matrix lower, Matrix x) {
    int n = lower.rows();
    if (n <= LEAF) {
      new Substitution(kernels, lower, false).solve(x);
      return;
    }
    int half = half(n);
    Matrix top = x.window(0, 0, half, x.columns());
    Matrix rest = x.window(half, 0, n - half, x.columns());
    forward(lower.window(0, 0, half, half), top);
    multiplication.add(-1, lower.window(half, 0, n - half, half), top, rest, Wanted.ALL);
    forward(lower.window(half, half, n - half, n - half), rest);
  }

  /** Solves {@code Lᵀ x = b}. */
  private void back(Matrix lower, Matrix x) {
    int n = lower.rows();
    if (n <= LEAF) {
      new Substitution(kernels, lower, true).solve(x);
      return;
    }
    int half = half(n);
    Matrix top = x.window(0, 0, half, x.columns());
    Matrix rest = x.window(half, 0, n - half, x.columns());
    back(lower.window(half, half, n - half, n - half), rest);
    Matrix below = lower.window(half, 0, n - half, half);
    multiplication.add(-1, below.transposed(), rest, top, Wanted.ALL);
    back(lower.window(0, 0, half, half), top);
  }
}
