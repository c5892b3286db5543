package dev.stockpot.kernels;

/**
 * The inner loops of the matrix algebra, on float64 in arrays. Each sum is a chain of fused
 * multiply-adds ({@link Math#fma}) in an order that is written here, so that plain loops and lanes
 * of any width give equal bits.
 *
 * <p>Implementations hold no state: one instance may serve several threads.
 */
public interface MatrixKernels {
  /** Sums that a dot product runs side by side. */
  int DOT_LANES = 32;

  /** Terms of rows that are read as they lie, at most. */
  int ROW_TERMS = 512;

  /** How far apart such rows lie: a little more, lest they meet in caches. */
  int ROWS_APART = ROW_TERMS + 8;

  /** Rows of a tile of a product. */
  int tileRows();

  /** Elements that the rows of a tile take for each term where a is packed: as many, or more. */
  default int packedRows() {
    return tileRows();
  }

  /** Columns of a tile of a product. */
  int tileColumns();

  /**
   * Adds a product to a tile: {@code c[r][j] = fma(a[p][r], b[p][j], c[r][j])} for each p in turn.
   *
   * @param depth how many p there are
   * @param a packed: {@link #packedRows()} elements for each p, from {@code aFrom}, of which the
   *     first {@link #tileRows()} are read
   * @param b packed: {@link #tileColumns()} elements for each p, from {@code bFrom}
   * @param c rows of the tile lie {@code cStride} apart, from {@code cFrom}
   */
  void addTile(
      int depth, double[] a, int aFrom, double[] b, int bFrom, double[] c, int cFrom, int cStride);

  /**
   * {@link #addTile} of rows as they lie: of row r, from {@code aFrom + r * ROWS_APART} on. Where b
   * is narrow, packing a would take longer.
   *
   * @param depth at most {@link #ROW_TERMS}
   */
  default void addRowTile(
      int depth, double[] a, int aFrom, double[] b, int bFrom, double[] c, int cFrom, int cStride) {
    int step = packedRows();
    double[] packed = new double[depth * step];
    for (int r = 0; r < tileRows(); r++) {
      int from = aFrom + r * ROWS_APART;
      for (int p = 0; p < depth; p++) {
        packed[p * step + r] = a[from + p];
      }
    }
    addTile(depth, packed, 0, b, bFrom, c, cFrom, cStride);
  }

  /**
   * Copies groups of elements: {@code into[to + q * step + i] = from[at + q * apart + i]} for each
   * i below width, and q below times.
   */
  default void copyGroups(
      int times, double[] from, int at, int apart, int width, double[] into, int to, int step) {
    for (int q = 0; q < times; q++) {
      System.arraycopy(from, at + q * apart, into, to + q * step, width);
    }
  }

  /**
   * Solves with a triangle as high as a tile, or less: {@code x[r][j] = (x[r][j] + l[0][r] x[0][j]
   * + l[1][r] x[1][j] + …) / divisors[r]}, of each row before r in turn by fused multiply-add.
   *
   * @param rows at most {@link #tileRows()}
   * @param l packed as a is, negative
   * @param x rows of {@link #tileColumns()} elements, one after the other
   */
  default void solveTile(
      int rows, double[] l, int lFrom, double[] divisors, int divisorsFrom, double[] x, int xFrom) {
    int columns = tileColumns();
    for (int r = 0; r < rows; r++) {
      int row = xFrom + r * columns;
      for (int q = 0; q < r; q++) {
        double factor = l[lFrom + q * packedRows() + r];
        for (int j = 0; j < columns; j++) {
          x[row + j] = Math.fma(factor, x[xFrom + q * columns + j], x[row + j]);
        }
      }
      for (int j = 0; j < columns; j++) {
        x[row + j] /= divisors[divisorsFrom + r];
      }
    }
  }

  /**
   * Adds scaled rows: {@code y[j] = fma(factors[r], x[r][j], y[j])} for each r in turn.
   *
   * @param rows how many r there are
   * @param x rows lie {@code xStride} apart, from {@code xFrom}
   * @param factors from {@code factorsFrom}, one for each row
   * @param count elements of a row
   */
  void addRows(
      int rows,
      double[] x,
      int xFrom,
      int xStride,
      double[] factors,
      int factorsFrom,
      double[] y,
      int yFrom,
      int count);

  /**
   * A dot product. Sum l of {@link #DOT_LANES} takes the elements l, l + 32, … by fused
   * multiply-add; then sums are added in pairs, l with l + 16, then l + 8, 4, 2 and 1.
   */
  double dot(double[] x, int xFrom, double[] y, int yFrom, int count);

  /** Adds up the sums of a dot product in the order that {@link #dot} says; destroys them. */
  static double total(double[] sums) {
    for (int half = DOT_LANES / 2; half > 0; half /= 2) {
      for (int l = 0; l < half; l++) {
        sums[l] += sums[l + half];
      }
    }
    return sums[0];
  }
}
