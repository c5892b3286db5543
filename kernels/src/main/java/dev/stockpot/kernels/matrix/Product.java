package dev.stockpot.kernels.matrix;

import dev.stockpot.kernels.MatrixKernels;
import dev.stockpot.kernels.matrix.Multiplication.Wanted;
import java.util.Arrays;

/** The part of a product that one worker makes. */
final class Product {
  private final MatrixKernels kernels;
  private final Blocking blocking;
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
  private final int tileRows;
  private final int packedRows;
  private final int tileColumns;
  private final int stride;
  private final int mostRows;
  private final double[] packedA;
  private final double[] packedB;
  private final double[] tiles;

  Product(
      MatrixKernels kernels,
      Blocking blocking,
      Workspace workspace,
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
    this.kernels = kernels;
    this.blocking = blocking;
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
    tileRows = kernels.tileRows();
    packedRows = kernels.packedRows();
    tileColumns = kernels.tileColumns();
    int depth = Math.min(blocking.depth(), a.columns());
    mostRows = Math.min(blocking.rows(), endRow - beginRow);
    int columns = Math.min(blocking.columns(), endColumn - beginColumn);
    stride = Panels.padded(columns, tileColumns);
    packedA = workspace.packedA(Panels.padded(mostRows, tileRows) / tileRows * packedRows * depth);
    packedB = workspace.packedB(stride * depth);
    tiles = workspace.tiles(tileRows * stride);
  }

  void run() {
    for (int row = beginRow; row < endRow; row += mostRows) {
      int rows = Math.min(mostRows, endRow - row);
      for (int term = 0; term < a.columns(); term += blocking.depth()) {
        int terms = Math.min(blocking.depth(), a.columns() - term);
        Panels.packRows(kernels, a, row, rows, term, terms, sign, packedA);
        addTerms(row, rows, term, terms);
      }
    }
  }

  private void addTerms(int row, int rows, int term, int terms) {
    int end = wanted == Wanted.LOWER ? Math.min(endColumn, row + rows) : endColumn;
    for (int column = beginColumn; column < end; column += blocking.columns()) {
      int columns = Math.min(blocking.columns(), end - column);
      Panels.packColumns(kernels, b, term, terms, column, columns, packedB);
      boolean fresh = term == 0 && !add;
      for (int i = 0; i < rows; i += tileRows) {
        int wantedColumns =
            wanted == Wanted.LOWER
                ? Math.min(columns, Math.min(row + i + tileRows, row + rows) - column)
                : columns;
        if (wantedColumns > 0) {
          addTiles(
              row + i,
              Math.min(tileRows, rows - i),
              column,
              wantedColumns,
              i / tileRows * packedRows * terms,
              terms,
              fresh);
        }
      }
    }
  }

  /** Tiles of the same rows, side by side. */
  private void addTiles(
      int row, int rows, int column, int columns, int packed, int terms, boolean fresh) {
    if (fresh) {
      Arrays.fill(tiles, 0);
    } else {
      for (int r = 0; r < rows; r++) {
        c.read(row + r, column, tiles, r * stride, columns);
      }
    }
    for (int j = 0; j < columns; j += tileColumns) {
      kernels.addTile(terms, packedA, packed, packedB, j * terms, tiles, j, stride);
    }
    for (int r = 0; r < rows; r++) {
      c.write(row + r, column, tiles, r * stride, columns);
    }
  }
}
