package dev.stockpot.kernels.matrix;

import static dev.stockpot.kernels.MatrixKernels.ROWS_APART;
import static dev.stockpot.kernels.MatrixKernels.ROW_TERMS;

import dev.stockpot.kernels.MatrixKernels;
import java.util.Arrays;

/**
 * Some rows of a matrix as they lie, by which a few columns are multiplied: what packing them would
 * take is more than that. The bits are those of {@link Multiplication}.
 *
 * <pre>
 * | row 0, terms 0 … 511 | row 1, terms 0 … 511 | … | row 0, terms 512 … | row 1, terms 512 … | …
 * </pre>
 *
 * <p>Columns are packed as {@link Panels} of b are; so is the product, so that columns can be
 * multiplied by the transpose of the same rows.
 */
final class Strip {
  private static final int MOST_ROWS = 64;
  private static final int LEAST_ROWS = 16;
  private static final int ELEMENTS = 1 << 19;

  private final MatrixKernels kernels;
  private final Workers workers;
  private final int length;
  private final int width;
  private final int tileRows;
  private final int tileColumns;
  private final int panels;
  private final int most;
  private final int groups;
  private final double[] rows;
  private final double[] product;
  private int count;

  /** Rows of that length, and so many columns. */
  Strip(MatrixKernels kernels, Workers workers, int length, int width) {
    this.kernels = kernels;
    this.workers = workers;
    this.length = length;
    this.width = width;
    tileRows = kernels.tileRows();
    tileColumns = kernels.tileColumns();
    panels = (width + tileColumns - 1) / tileColumns;
    int wanted = Math.max(LEAST_ROWS, Math.min(MOST_ROWS, ELEMENTS / length));
    most = Panels.padded(wanted - tileRows + 1, tileRows);
    groups = most / tileRows;
    rows = new double[blocks() * most * ROWS_APART];
    product = new double[panels * most * tileColumns];
  }

  private int blocks() {
    return (length + ROW_TERMS - 1) / ROW_TERMS;
  }

  private int terms(int block) {
    return Math.min(ROW_TERMS, length - block * ROW_TERMS);
  }

  /**
   * Takes rows from there on, as many as there are or as it holds.
   *
   * @return the row after them
   */
  int read(Matrix from, int row) {
    count = Math.min(most, from.rows() - row);
    for (int block = 0; block < blocks(); block++) {
      for (int r = 0; r < count; r++) {
        int at = (block * most + r) * ROWS_APART;
        from.read(row + r, block * ROW_TERMS, rows, at, terms(block));
      }
    }
    return row + count;
  }

  /** Makes the product of the rows and the columns. */
  void multiply(double[] columns) {
    Arrays.fill(product, 0);
    int shares = Math.min(workers.count(), groups);
    workers.each(
        shares, share -> multiply(columns, groups * share / shares, groups * (share + 1) / shares));
  }

  private void multiply(double[] columns, int begin, int end) {
    for (int block = 0; block < blocks(); block++) {
      for (int group = begin; group < end; group++) {
        int row = group * tileRows;
        int from = (block * most + row) * ROWS_APART;
        for (int panel = 0; panel < panels; panel++) {
          int column = (panel * length + block * ROW_TERMS) * tileColumns;
          int into = (panel * most + row) * tileColumns;
          kernels.addRowTile(terms(block), rows, from, columns, column, product, into, tileColumns);
        }
      }
    }
  }

  /** Writes the product to rows from there on. */
  void write(Matrix into, int row) {
    for (int panel = 0; panel < panels; panel++) {
      int column = panel * tileColumns;
      for (int r = 0; r < count; r++) {
        int from = (panel * most + r) * tileColumns;
        into.write(row + r, column, product, from, Math.min(tileColumns, width - column));
      }
    }
  }

  /** An array for {@link #addTurned}, of zeros. */
  double[] sums() {
    return new double[turnedGroups() * tileRows * panels * tileColumns];
  }

  private static int groups(int terms, int tileRows) {
    return (terms + tileRows - 1) / tileRows;
  }

  private int turnedGroups() {
    int last = blocks() - 1;
    return last * groups(ROW_TERMS, tileRows) + groups(terms(last), tileRows);
  }

  /** Adds the product of their transpose and what they gave. */
  void addTurnedProduct(double[] sums) {
    addTurned(product, most, 0, sums);
  }

  /**
   * Adds the product of their transpose and columns.
   *
   * @param terms of the columns
   * @param first of them, which the first row is multiplied by
   */
  void addTurned(double[] columns, int terms, int first, double[] sums) {
    int all = turnedGroups();
    int shares = Math.min(workers.count(), all);
    workers.each(
        shares,
        share -> {
          double[] packed = new double[count * kernels.packedRows()];
          for (int group = all * share / shares; group < all * (share + 1) / shares; group++) {
            addTurned(columns, terms, first, sums, group, packed);
          }
        });
  }

  private void addTurned(
      double[] columns, int terms, int first, double[] sums, int group, double[] packed) {
    int inBlock = groups(ROW_TERMS, tileRows);
    int from = group / inBlock * most * ROWS_APART + group % inBlock * tileRows;
    kernels.copyGroups(count, rows, from, ROWS_APART, tileRows, packed, 0, kernels.packedRows());
    int stride = panels * tileColumns;
    for (int panel = 0; panel < panels; panel++) {
      int column = (panel * terms + first) * tileColumns;
      int into = group * tileRows * stride + panel * tileColumns;
      kernels.addTile(count, packed, 0, columns, column, sums, into, stride);
    }
  }

  /** What was added up, row by row. */
  void write(double[] sums, Matrix into) {
    int inBlock = groups(ROW_TERMS, tileRows);
    for (int row = 0; row < length; row++) {
      int place = row / ROW_TERMS * inBlock * tileRows + row % ROW_TERMS;
      into.write(row, 0, sums, place * panels * tileColumns, width);
    }
  }
}
