package dev.stockpot.kernels.matrix;

/** Copies rows to columns, in squares that stay in the cache. */
final class Transposition {
  private static final int SIDE = 32;

  private final double[] rows = new double[SIDE * SIDE];
  private final double[] turned = new double[SIDE * SIDE];

  /** {@code into[j][i] = from[i][j]}, of matrices that lie row by row. */
  static void copy(Matrix from, Matrix into) {
    Transposition square = new Transposition();
    for (int i = 0; i < from.rows(); i += SIDE) {
      int height = Math.min(SIDE, from.rows() - i);
      for (int j = 0; j < from.columns(); j += SIDE) {
        int width = Math.min(SIDE, from.columns() - j);
        square.read(from, i, j, height, width);
        square.write(into, j, i, width, height);
      }
    }
  }

  /** Writes what is below the diagonal of a matrix that lies row by row above it, too. */
  static void mirror(Matrix lower) {
    Transposition square = new Transposition();
    int n = lower.rows();
    for (int i = 0; i < n; i += SIDE) {
      int height = Math.min(SIDE, n - i);
      for (int j = 0; j < i; j += SIDE) {
        square.read(lower, i, j, height, SIDE);
        square.write(lower, j, i, SIDE, height);
      }
      square.read(lower, i, i, height, height);
      for (int r = 0; r < height; r++) {
        int above = height - r - 1;
        lower.write(i + r, i + r + 1, square.turned, r * SIDE + r + 1, above);
      }
    }
  }

  private void read(Matrix from, int row, int column, int height, int width) {
    for (int r = 0; r < height; r++) {
      from.read(row + r, column, rows, r * SIDE, width);
    }
    for (int c = 0; c < width; c++) {
      for (int r = 0; r < height; r++) {
        turned[c * SIDE + r] = rows[r * SIDE + c];
      }
    }
  }

  private void write(Matrix into, int row, int column, int height, int width) {
    for (int r = 0; r < height; r++) {
      into.write(row + r, column, turned, r * SIDE, width);
    }
  }
}
