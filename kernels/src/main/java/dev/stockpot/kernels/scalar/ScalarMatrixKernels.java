package dev.stockpot.kernels.scalar;

import dev.stockpot.kernels.MatrixKernels;

/** Plain loops: the specification. */
final class ScalarMatrixKernels implements MatrixKernels {
  /** Long enough for a compiler that turns the loop over them into lanes. */
  private static final int COLUMNS = 32;

  @Override
  public int tileRows() {
    return 4;
  }

  @Override
  public int tileColumns() {
    return COLUMNS;
  }

  @Override
  public void addTile(
      int depth, double[] a, int aFrom, double[] b, int bFrom, double[] c, int cFrom, int cStride) {
    for (int p = 0; p < depth; p++) {
      for (int r = 0; r < tileRows(); r++) {
        double factor = a[aFrom + p * tileRows() + r];
        int row = cFrom + r * cStride;
        for (int j = 0; j < COLUMNS; j++) {
          c[row + j] = Math.fma(factor, b[bFrom + p * COLUMNS + j], c[row + j]);
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
    for (int r = 0; r < rows; r++) {
      double factor = factors[factorsFrom + r];
      int row = xFrom + r * xStride;
      for (int j = 0; j < count; j++) {
        y[yFrom + j] = Math.fma(factor, x[row + j], y[yFrom + j]);
      }
    }
  }

  @Override
  public double dot(double[] x, int xFrom, double[] y, int yFrom, int count) {
    double[] sums = new double[DOT_LANES];
    for (int i = 0; i < count; i++) {
      sums[i % DOT_LANES] = Math.fma(x[xFrom + i], y[yFrom + i], sums[i % DOT_LANES]);
    }
    return MatrixKernels.total(sums);
  }
}
