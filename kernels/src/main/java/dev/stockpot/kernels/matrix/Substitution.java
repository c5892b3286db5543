package dev.stockpot.kernels.matrix;

import dev.stockpot.kernels.MatrixKernels;

/**
 * Solves with a small triangle of a Cholesky factor, by forward or back substitution. Right sides
 * are packed as {@link Panels} of b are, so that what is solved already is multiplied by tiles
 * where it lies: only triangles as high as a tile are left to {@link MatrixKernels#solveTile}.
 *
 * <p>Each unknown is one chain over those that come before it, in the order in which they are
 * found: from the first on, or for back substitution from the last.
 */
final class Substitution {
  /** Right sides that are solved for at once: of 64 rows, half of a small second cache. */
  private static final int WIDTH = 512;

  private final MatrixKernels kernels;
  private final int size;
  private final int tileRows;
  private final int tileColumns;
  private final int step;
  private final int paddedSize;
  private final boolean back;
  private final double[][] tiles;
  private final double[] divisors;

  /**
   * With what lies on and below a diagonal.
   *
   * @param back solves {@code Lᵀ x = b}, from the last row on
   */
  Substitution(MatrixKernels kernels, Matrix lower, boolean back) {
    this.kernels = kernels;
    this.back = back;
    size = lower.rows();
    tileRows = kernels.tileRows();
    tileColumns = kernels.tileColumns();
    step = kernels.packedRows();
    paddedSize = Panels.padded(size, tileRows);
    tiles = new double[paddedSize / tileRows][];
    divisors = new double[size];
    double[][] rows = new double[size][size];
    for (int i = 0; i < size; i++) {
      lower.read(i, 0, rows[i], 0, i + 1);
    }
    for (int i = 0; i < size; i++) {
      divisors[i] = back ? rows[size - 1 - i][size - 1 - i] : rows[i][i];
    }
    for (int tile = 0; tile < tiles.length; tile++) {
      tiles[tile] = packed(rows, tile * tileRows);
    }
  }

  /** Rows from there on, negative: all terms before each, as tiles of a are. */
  private double[] packed(double[][] lower, int first) {
    int end = Math.min(size, first + tileRows);
    double[] packed = new double[end * step];
    for (int row = first; row < end; row++) {
      for (int term = 0; term < row; term++) {
        double element = back ? lower[size - 1 - term][size - 1 - row] : lower[row][term];
        packed[term * step + row - first] = -element;
      }
    }
    return packed;
  }

  /** x takes the place of b, of which columns are right sides. */
  void solve(Matrix x) {
    int width = Panels.padded(Math.min(WIDTH, x.columns()), tileColumns);
    double[] sides = new double[paddedSize * width];
    double[] row = new double[Math.max(size, width)];
    for (int first = 0; first < x.columns(); first += width) {
      int count = Math.min(width, x.columns() - first);
      pack(x, first, count, sides, row);
      for (int at = 0; at < sides.length; at += paddedSize * tileColumns) {
        solve(sides, at);
      }
      unpack(sides, x, first, count, row);
    }
  }

  private void solve(double[] sides, int from) {
    for (int tile = 0; tile < tiles.length; tile++) {
      int first = tile * tileRows;
      int at = from + first * tileColumns;
      kernels.addTile(first, tiles[tile], 0, sides, from, sides, at, tileColumns);
      int rows = Math.min(tileRows, size - first);
      kernels.solveTile(rows, tiles[tile], first * step, divisors, first, sides, at);
    }
  }

  private int place(int row) {
    return (back ? size - 1 - row : row) * tileColumns;
  }

  private void pack(Matrix x, int first, int count, double[] sides, double[] row) {
    int groups = (count + tileColumns - 1) / tileColumns;
    int apart = paddedSize * tileColumns;
    if (x.isTransposed()) {
      Matrix stored = x.transposed();
      for (int j = 0; j < count; j++) {
        stored.read(first + j, 0, row, 0, size);
        int into = j / tileColumns * apart + j % tileColumns;
        for (int i = 0; i < size; i++) {
          sides[into + place(i)] = row[i];
        }
      }
    } else {
      for (int i = 0; i < size; i++) {
        x.read(i, first, row, 0, count);
        kernels.copyGroups(groups, row, 0, tileColumns, tileColumns, sides, place(i), apart);
      }
    }
  }

  private void unpack(double[] sides, Matrix x, int first, int count, double[] row) {
    int groups = (count + tileColumns - 1) / tileColumns;
    int apart = paddedSize * tileColumns;
    if (x.isTransposed()) {
      Matrix stored = x.transposed();
      for (int j = 0; j < count; j++) {
        int from = j / tileColumns * apart + j % tileColumns;
        for (int i = 0; i < size; i++) {
          row[i] = sides[from + place(i)];
        }
        stored.write(first + j, 0, row, 0, size);
      }
    } else {
      for (int i = 0; i < size; i++) {
        kernels.copyGroups(groups, sides, place(i), apart, tileColumns, row, 0, tileColumns);
        x.write(i, first, row, 0, count);
      }
    }
  }
}
