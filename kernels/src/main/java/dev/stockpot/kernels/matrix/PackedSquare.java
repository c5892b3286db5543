package dev.stockpot.kernels.matrix;

import dev.stockpot.kernels.MatrixKernels;

/**
 * A square matrix as products read it, {@link Panels} one after another: packed once, where it is
 * multiplied by a few columns many times. The bits are those of {@link Multiplication}.
 */
final class PackedSquare implements Squares {
  private static final int MOST_TILE_ROWS = 16;

  private final MatrixKernels kernels;
  private final Workers workers;
  private final int order;
  private final int depth;
  private final int tileRows;
  private final int tileColumns;
  private final int groups;
  private final Matrix panels; // those of the same terms follow each other, a row each

  PackedSquare(
      MatrixMemory memory,
      MatrixKernels kernels,
      Blocking blocking,
      Workers workers,
      Matrix square) {
    this.kernels = kernels;
    this.workers = workers;
    order = square.rows();
    depth = Math.min(blocking.depth(), order);
    tileRows = kernels.tileRows();
    tileColumns = kernels.tileColumns();
    groups = (order + tileRows - 1) / tileRows;
    int blocks = (order + depth - 1) / depth;
    panels = memory.matrix(blocks * groups, depth * tileRows);
    double[] packed = new double[depth * tileRows];
    for (int block = 0; block < blocks; block++) {
      int terms = terms(block);
      for (int group = 0; group < groups; group++) {
        int row = group * tileRows;
        int rows = Math.min(tileRows, order - row);
        Panels.packRows(square, row, rows, block * depth, terms, tileRows, tileRows, 1, packed);
        panels.write(block * groups + group, 0, packed, 0, terms * tileRows);
      }
    }
  }

  /** Bytes of one of that order, with tiles of any height. */
  static Demand demand(long order) {
    long most = order + MOST_TILE_ROWS;
    return Demand.matrix(most, order + Blocking.DEFAULT.depth());
  }

  private int terms(int block) {
    return Math.min(depth, order - block * depth);
  }

  @Override
  public void multiply(Matrix x, Matrix into) {
    int shares = Math.min(workers.count(), groups);
    workers.each(
        shares, share -> multiply(x, into, groups * share / shares, groups * (share + 1) / shares));
  }

  private void multiply(Matrix x, Matrix into, int begin, int end) {
    int columns = x.columns();
    int stride = Panels.padded(columns, tileColumns);
    double[] sums = new double[(end - begin) * tileRows * stride];
    int packedRows = kernels.packedRows();
    double[] stored = new double[depth * tileRows + packedRows];
    double[] panel = packedRows == tileRows ? stored : new double[depth * packedRows];
    double[] packed = new double[depth * stride];
    for (int block = 0; block * depth < order; block++) {
      int terms = terms(block);
      Panels.packColumns(x, block * depth, terms, 0, columns, tileColumns, packed);
      for (int group = begin; group < end; group++) {
        panels.read(block * groups + group, 0, stored, 0, terms * tileRows);
        if (packedRows != tileRows) {
          Panels.widen(terms, stored, tileRows, packedRows, panel);
        }
        int at = (group - begin) * tileRows * stride;
        for (int j = 0; j < columns; j += tileColumns) {
          kernels.addTile(terms, panel, 0, packed, j * terms, sums, at + j, stride);
        }
      }
    }
    for (int row = begin * tileRows; row < Math.min(order, end * tileRows); row++) {
      into.write(row, 0, sums, (row - begin * tileRows) * stride, columns);
    }
  }

  @Override
  public void close() {
    panels.close();
  }
}
