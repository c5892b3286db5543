package dev.stockpot.kernels.matrix;

import dev.stockpot.kernels.MatrixKernels;
import java.util.List;

/** Tiles of any size by plain loops: what other machines cut is tried on all. */
record PlainTiles(int tileRows, int packedRows, int tileColumns) implements MatrixKernels {
  /** Those of registers of 512, 256 and 128 bits. */
  static final List<MatrixKernels> OF_OTHER_MACHINES =
      List.of(new PlainTiles(14, 14, 16), new PlainTiles(5, 8, 8), new PlainTiles(4, 4, 6));

  @Override
  public void addTile(
      int depth, double[] a, int aFrom, double[] b, int bFrom, double[] c, int cFrom, int cStride) {
    for (int p = 0; p < depth; p++) {
      for (int r = 0; r < tileRows; r++) {
        for (int j = 0; j < tileColumns; j++) {
          int at = cFrom + r * cStride + j;
          c[at] = Math.fma(a[aFrom + p * packedRows + r], b[bFrom + p * tileColumns + j], c[at]);
        }
      }
    }
  }

  @Override
  public void addRows(
      int rows,
      double[] x,
      int xFrom,
      int xStride,
      double[] factors,
      int factorsFrom,
      double[] y,
      int yFrom,
      int count) {
    Algebra.SCALAR.addRows(rows, x, xFrom, xStride, factors, factorsFrom, y, yFrom, count);
  }

  @Override
  public double dot(double[] x, int xFrom, double[] y, int yFrom, int count) {
    return Algebra.SCALAR.dot(x, xFrom, y, yFrom, count);
  }
}
