package dev.stockpot.kernels.matrix;

import dev.stockpot.kernels.MatrixKernels;
import java.util.Arrays;

/**
 * {@code c += sign a b}, or {@code c = sign a b}. Each element is one chain of fused multiply-adds
 * over the terms in their order, begun with c or zero, however the work is cut.
 *
 * <p>The loops are those of Goto and van de Geijn (2008), with panels of b short enough for the
 * second cache: a is packed once, and b once for every {@link Blocking#rows()} of a.
 */
final class Multiplication {
  private final MatrixKernels kernels;
  private final Blocking blocking;
  private final Workers workers;

  /** Which elements of c are wanted. */
  enum Wanted {
    ALL,
    /** The others are left as they are, or hold part of a sum: c is symmetric. */
    LOWER
  }

  Multiplication(MatrixKernels kernels, Blocking blocking, Workers workers) {
    this.kernels = kernels;
    this.blocking = blocking;
    this.workers = workers;
  }

  void add(double sign, Matrix a, Matrix b, Matrix c, Wanted wanted) {
    run(sign, a, b, c, true, wanted);
  }

  void set(double sign, Matrix a, Matrix b, Matrix c, Wanted wanted) {
    run(sign, a, b, c, false, wanted);
  }

  private void run(double sign, Matrix a, Matrix b, Matrix c, boolean add, Wanted wanted) {
    if (a.columns() != b.rows() || a.rows() != c.rows() || b.columns() != c.columns()) {
      throw new IllegalArgumentException("%s times %s is no %s".formatted(a, b, c));
    }
    if (c.isTransposed()) {
      run(sign, b.transposed(), a.transposed(), c.transposed(), add, wanted);
      return;
    }
    boolean byRows = wanted == Wanted.LOWER || c.rows() >= c.columns();
    int unit = byRows ? kernels.tileRows() : kernels.tileColumns();
    int length = byRows ? c.rows() : c.columns();
    int units = (length + unit - 1) / unit;
    int shares = (long) length * a.columns() < 1 << 14 ? 1 : Math.min(workers.count(), units);
    workers.each(
        shares,
        share -> {
          int begin = share(units, share, shares, wanted) * unit;
          int end = Math.min(length, share(units, share + 1, shares, wanted) * unit);
          if (begin >= end) {
            return;
          }
          Product product =
              byRows
                  ? new Product(sign, a, b, c, add, wanted, begin, end, 0, c.columns())
                  : new Product(sign, a, b, c, add, wanted, 0, c.rows(), begin, end);
          product.run();
        });
  }

  /** Where a worker's share begins; of a triangle, so that all have as much to do. */
  private static int share(int units, int share, int shares, Wanted wanted) {
    double part = (double) share / shares;
    return (int) Math.round(units * (wanted == Wanted.LOWER ? Math.sqrt(part) : part));
  }

  /** The part of it that one worker makes. */
  private final class Product {
    private final double sign;
    private final Matrix a;
    private final Matrix b;
    private final Matrix c;
    private final boolean add;
    private final Wanted wanted;
    private final int beginRow;
    private final int endRow;
    private final int beginColumn;
    private final int endColumn;
    private final int tileRows = kernels.tileRows();
    private final int tileColumns = kernels.tileColumns();
    private final int stride;
    private final int mostRows;
    private final double[] packedA;
    private final double[] packedB;
    private final double[] tiles;

    Product(
        double sign,
        Matrix a,
        Matrix b,
        Matrix c,
        boolean add,
        Wanted wanted,
        int beginRow,
        int endRow,
        int beginColumn,
        int endColumn) {
      this.sign = sign;
      this.a = a;
      this.b = b;
      this.c = c;
      this.add = add;
      this.wanted = wanted;
      this.beginRow = beginRow;
      this.endRow = endRow;
      this.beginColumn = beginColumn;
      this.endColumn = endColumn;
      int depth = Math.min(blocking.depth(), a.columns());
      mostRows = Math.min(blocking.rows(), endRow - beginRow);
      int columns = Math.min(blocking.columns(), endColumn - beginColumn);
      stride = Panels.padded(columns, tileColumns);
      packedA = new double[Panels.padded(mostRows, tileRows) * depth];
      packedB = new double[stride * depth];
      tiles = new double[tileRows * stride];
    }

    void run() {
      for (int row = beginRow; row < endRow; row += mostRows) {
        int rows = Math.min(mostRows, endRow - row);
        for (int term = 0; term < a.columns(); term += blocking.depth()) {
          int terms = Math.min(blocking.depth(), a.columns() - term);
          Panels.packRows(a, row, rows, term, terms, tileRows, sign, packedA);
          addTerms(row, rows, term, terms);
        }
      }
    }

    private void addTerms(int row, int rows, int term, int terms) {
      int end = wanted == Wanted.LOWER ? Math.min(endColumn, row + rows) : endColumn;
      for (int column = beginColumn; column < end; column += blocking.columns()) {
        int columns = Math.min(blocking.columns(), end - column);
        Panels.packColumns(b, term, terms, column, columns, tileColumns, packedB);
        boolean fresh = term == 0 && !add;
        for (int i = 0; i < rows; i += tileRows) {
          int wantedColumns =
              wanted == Wanted.LOWER
                  ? Math.min(columns, Math.min(row + i + tileRows, row + rows) - column)
                  : columns;
          if (wantedColumns > 0) {
            addTiles(row + i, Math.min(tileRows, rows - i), column, wantedColumns, i, terms, fresh);
          }
        }
      }
    }

    /** Tiles of the same rows, side by side. */
    private void addTiles(
        int row, int rows, int column, int columns, int packedRow, int terms, boolean fresh) {
      if (fresh) {
        Arrays.fill(tiles, 0);
      } else {
        for (int r = 0; r < rows; r++) {
          c.read(row + r, column, tiles, r * stride, columns);
        }
      }
      for (int j = 0; j < columns; j += tileColumns) {
        kernels.addTile(terms, packedA, packedRow * terms, packedB, j * terms, tiles, j, stride);
      }
      for (int r = 0; r < rows; r++) {
        c.write(row + r, column, tiles, r * stride, columns);
      }
    }
  }
}
