package dev.stockpot.kernels.matrix;

import dev.stockpot.kernels.MatrixKernels;
import dev.stockpot.kernels.matrix.Multiplication.Wanted;

/** Factors positive definite matrices and solves with them, {@value #BLOCK} columns at a time. */
final class Cholesky {
  private static final int BLOCK = 128;

  /** Columns of a right side that are solved for at once: with a block's rows, 512 KB. */
  private static final int WIDTH = 512;

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
    for (int j = 0; j < n; j += BLOCK) {
      int width = Math.min(BLOCK, n - j);
      Matrix square = a.window(j, j, width, width);
      if (j > 0) {
        multiplication.add(
            -1,
            a.window(j, 0, n - j, j),
            a.window(j, 0, width, j).transposed(),
            a.window(j, j, n - j, width),
            Wanted.LOWER);
      }
      Triangle triangle = new Triangle(kernels, square);
      if (!triangle.factor(least, j)) {
        return false;
      }
      triangle.writeTo(square);
      if (j + width < n) {
        solveRows(triangle, a.window(j + width, j, n - j - width, width));
        zero(a.window(j, j + width, width, n - j - width));
      }
    }
    return true;
  }

  /** {@code x = x L⁻ᵀ}: each row is a right side, so rows are columns of what is solved. */
  private static void solveRows(Triangle triangle, Matrix x) {
    int size = x.columns();
    double[] sides = new double[size * WIDTH];
    double[] row = new double[size];
    for (int first = 0; first < x.rows(); first += WIDTH) {
      int count = Math.min(WIDTH, x.rows() - first);
      for (int i = 0; i < count; i++) {
        x.read(first + i, 0, row, 0, size);
        for (int k = 0; k < size; k++) {
          sides[k * WIDTH + i] = row[k];
        }
      }
      triangle.solve(sides, WIDTH, count);
      for (int i = 0; i < count; i++) {
        for (int k = 0; k < size; k++) {
          row[k] = sides[k * WIDTH + i];
        }
        x.write(first + i, 0, row, 0, size);
      }
    }
  }

  private static void zero(Matrix x) {
    double[] zeros = new double[x.columns()];
    for (int i = 0; i < x.rows(); i++) {
      x.write(i, 0, zeros, 0, zeros.length);
    }
  }

  /** Solves {@code L Lᵀ x = b}; x takes the place of b. */
  void solve(Matrix lower, Matrix x) {
    int n = lower.rows();
    for (int i = 0; i < n; i += BLOCK) {
      int rows = Math.min(BLOCK, n - i);
      Matrix part = x.window(i, 0, rows, x.columns());
      if (i > 0) {
        Matrix before = x.window(0, 0, i, x.columns());
        multiplication.add(-1, lower.window(i, 0, rows, i), before, part, Wanted.ALL);
      }
      solveBlock(lower.window(i, i, rows, rows), part, false);
    }
    for (int i = (n - 1) / BLOCK * BLOCK; i >= 0; i -= BLOCK) {
      int rows = Math.min(BLOCK, n - i);
      int end = i + rows;
      Matrix part = x.window(i, 0, rows, x.columns());
      if (end < n) {
        Matrix after = x.window(end, 0, n - end, x.columns());
        Matrix below = lower.window(end, i, n - end, rows);
        multiplication.add(-1, below.transposed(), after, part, Wanted.ALL);
      }
      solveBlock(lower.window(i, i, rows, rows), part, true);
    }
  }

  private void solveBlock(Matrix square, Matrix x, boolean transposed) {
    Triangle triangle = new Triangle(kernels, square);
    int rows = x.rows();
    double[] sides = new double[rows * WIDTH];
    for (int first = 0; first < x.columns(); first += WIDTH) {
      int count = Math.min(WIDTH, x.columns() - first);
      for (int k = 0; k < rows; k++) {
        x.read(k, first, sides, k * WIDTH, count);
      }
      if (transposed) {
        triangle.solveTransposed(sides, WIDTH, count);
      } else {
        triangle.solve(sides, WIDTH, count);
      }
      for (int k = 0; k < rows; k++) {
        x.write(k, first, sides, k * WIDTH, count);
      }
    }
  }
}
