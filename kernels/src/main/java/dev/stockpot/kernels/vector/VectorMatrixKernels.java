package dev.stockpot.kernels.vector;

import static dev.stockpot.kernels.vector.Lanes.DOUBLES;

import dev.stockpot.kernels.MatrixKernels;
import jdk.incubator.vector.DoubleVector;

/**
 * The sums of the plain loops, a register of them at a time: each lane is one sum, so the order
 * within a sum is theirs.
 */
final class VectorMatrixKernels implements MatrixKernels {
  private static final int LANES = DOUBLES.length();

  @Override
  public int tileRows() {
    return switch (LANES) {
      case 8 -> FourteenRowTile.ROWS;
      case 4 -> FiveRowTile.ROWS;
      default -> NarrowTile.ROWS;
    };
  }

  @Override
  public int packedRows() {
    return LANES == 4 ? FiveRowTile.PACKED_ROWS : tileRows();
  }

  @Override
  public int tileColumns() {
    return switch (LANES) {
      case 8 -> FourteenRowTile.COLUMNS;
      case 4 -> FiveRowTile.COLUMNS;
      default -> NarrowTile.COLUMNS;
    };
  }

  @Override
  public void addTile(
      int depth, double[] a, int aFrom, double[] b, int bFrom, double[] c, int cFrom, int cStride) {
    switch (LANES) {
      case 8 -> FourteenRowTile.add(depth, a, aFrom, b, bFrom, c, cFrom, cStride);
      case 4 -> FiveRowTile.add(depth, a, aFrom, b, bFrom, c, cFrom, cStride);
      default -> NarrowTile.add(depth, a, aFrom, b, bFrom, c, cFrom, cStride);
    }
  }

  @Override
  public void addRowTile(
      int depth, double[] a, int aFrom, double[] b, int bFrom, double[] c, int cFrom, int cStride) {
    if (LANES == 4) {
      FiveRowTile.addRows(depth, a, aFrom, b, bFrom, c, cFrom, cStride);
    } else {
      MatrixKernels.super.addRowTile(depth, a, aFrom, b, bFrom, c, cFrom, cStride);
    }
  }

  @Override
  public void copyGroups(
      int times, double[] from, int at, int apart, int width, double[] into, int to, int step) {
    if (LANES == 4 && step == EightsCopy.STEP && width == FiveRowTile.ROWS) {
      EightsCopy.fives(times, from, at, apart, into, to);
    } else if (LANES == 4 && step == EightsCopy.STEP && width == FiveRowTile.COLUMNS) {
      EightsCopy.eights(times, from, at, apart, into, to);
    } else {
      MatrixKernels.super.copyGroups(times, from, at, apart, width, into, to, step);
    }
  }

  @Override
  public void solveTile(
      int rows, double[] l, int lFrom, double[] divisors, int divisorsFrom, double[] x, int xFrom) {
    int columns = tileColumns();
    for (int j = xFrom; j < xFrom + columns; j += LANES) {
      for (int r = 0; r < rows; r++) {
        DoubleVector sum = DoubleVector.fromArray(DOUBLES, x, j + r * columns);
        for (int q = 0; q < r; q++) {
          DoubleVector factor = DoubleVector.broadcast(DOUBLES, l[lFrom + q * packedRows() + r]);
          sum = factor.fma(DoubleVector.fromArray(DOUBLES, x, j + q * columns), sum);
        }
        sum.div(DoubleVector.broadcast(DOUBLES, divisors[divisorsFrom + r]))
            .intoArray(x, j + r * columns);
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
    int fours = count - count % (4 * LANES);
    int ones = count - count % LANES;
    addFours(rows, x, xFrom, xStride, factors, factorsFrom, y, yFrom, fours);
    addOnes(rows, x, xFrom + fours, xStride, factors, factorsFrom, y, yFrom + fours, ones - fours);
    for (int j = ones; j < count; j++) {
      double sum = y[yFrom + j];
      for (int r = 0; r < rows; r++) {
        sum = Math.fma(factors[factorsFrom + r], x[xFrom + r * xStride + j], sum);
      }
      y[yFrom + j] = sum;
    }
  }

  /** Four registers at once: each waits for its last sum. */
  private static void addFours(
      int rows,
      double[] x,
      int xFrom,
      int xStride,
      double[] f,
      int fFrom,
      double[] y,
      int yFrom,
      int count) {
    for (int j = 0; j < count; j += 4 * LANES) {
      int at = yFrom + j;
      DoubleVector y0 = DoubleVector.fromArray(DOUBLES, y, at);
      DoubleVector y1 = DoubleVector.fromArray(DOUBLES, y, at + LANES);
      DoubleVector y2 = DoubleVector.fromArray(DOUBLES, y, at + 2 * LANES);
      DoubleVector y3 = DoubleVector.fromArray(DOUBLES, y, at + 3 * LANES);
      int row = xFrom + j;
      for (int r = 0; r < rows; r++) {
        DoubleVector factor = DoubleVector.broadcast(DOUBLES, f[fFrom + r]);
        y0 = factor.fma(DoubleVector.fromArray(DOUBLES, x, row), y0);
        y1 = factor.fma(DoubleVector.fromArray(DOUBLES, x, row + LANES), y1);
        y2 = factor.fma(DoubleVector.fromArray(DOUBLES, x, row + 2 * LANES), y2);
        y3 = factor.fma(DoubleVector.fromArray(DOUBLES, x, row + 3 * LANES), y3);
        row += xStride;
      }
      y0.intoArray(y, at);
      y1.intoArray(y, at + LANES);
      y2.intoArray(y, at + 2 * LANES);
      y3.intoArray(y, at + 3 * LANES);
    }
  }

  private static void addOnes(
      int rows,
      double[] x,
      int xFrom,
      int xStride,
      double[] f,
      int fFrom,
      double[] y,
      int yFrom,
      int count) {
    for (int j = 0; j < count; j += LANES) {
      DoubleVector sum = DoubleVector.fromArray(DOUBLES, y, yFrom + j);
      int row = xFrom + j;
      for (int r = 0; r < rows; r++) {
        DoubleVector factor = DoubleVector.broadcast(DOUBLES, f[fFrom + r]);
        sum = factor.fma(DoubleVector.fromArray(DOUBLES, x, row), sum);
        row += xStride;
      }
      sum.intoArray(y, yFrom + j);
    }
  }

  @Override
  public double dot(double[] x, int xFrom, double[] y, int yFrom, int count) {
    double[] sums = new double[DOT_LANES];
    int whole = count - count % DOT_LANES;
    for (int lane = 0; lane < DOT_LANES; lane += 4 * LANES) {
      dotOfLanes(x, xFrom, y, yFrom, whole, lane, sums);
    }
    for (int i = whole; i < count; i++) {
      sums[i - whole] = Math.fma(x[xFrom + i], y[yFrom + i], sums[i - whole]);
    }
    return MatrixKernels.total(sums);
  }

  private static void dotOfLanes(
      double[] x, int xFrom, double[] y, int yFrom, int whole, int lane, double[] sums) {
    DoubleVector s0 = DoubleVector.zero(DOUBLES);
    DoubleVector s1 = DoubleVector.zero(DOUBLES);
    DoubleVector s2 = DoubleVector.zero(DOUBLES);
    DoubleVector s3 = DoubleVector.zero(DOUBLES);
    for (int i = lane; i < whole; i += DOT_LANES) {
      int atX = xFrom + i;
      int atY = yFrom + i;
      s0 = DoubleVector.fromArray(DOUBLES, x, atX).fma(DoubleVector.fromArray(DOUBLES, y, atY), s0);
      s1 =
          DoubleVector.fromArray(DOUBLES, x, atX + LANES)
              .fma(DoubleVector.fromArray(DOUBLES, y, atY + LANES), s1);
      s2 =
          DoubleVector.fromArray(DOUBLES, x, atX + 2 * LANES)
              .fma(DoubleVector.fromArray(DOUBLES, y, atY + 2 * LANES), s2);
      s3 =
          DoubleVector.fromArray(DOUBLES, x, atX + 3 * LANES)
              .fma(DoubleVector.fromArray(DOUBLES, y, atY + 3 * LANES), s3);
    }
    s0.intoArray(sums, lane);
    s1.intoArray(sums, lane + LANES);
    s2.intoArray(sums, lane + 2 * LANES);
    s3.intoArray(sums, lane + 3 * LANES);
  }
}
