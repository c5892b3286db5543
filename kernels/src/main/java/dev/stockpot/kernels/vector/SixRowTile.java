package dev.stockpot.kernels.vector;

import static dev.stockpot.kernels.vector.Lanes.DOUBLES;

import jdk.incubator.vector.DoubleVector;

/**
 * A tile of 6 rows by 2 registers of 4, for machines with 16 registers: 12 sums, 2 registers of b
 * and one of a. Of 4 rows by 3, C2 kept some sums in memory, and it took twice the time. Written
 * out, as C2 keeps only local variables in registers; and in numbers, as the checks of places leave
 * the loop only where its steps are constants.
 */
final class SixRowTile {
  static final int ROWS = 6;
  static final int COLUMNS = 8;

  private SixRowTile() {}

  static void add(
      int depth, double[] a, int aFrom, double[] b, int bFrom, double[] c, int cFrom, int cStride) {
    int row0 = cFrom;
    int row1 = cFrom + cStride;
    int row2 = cFrom + 2 * cStride;
    int row3 = cFrom + 3 * cStride;
    int row4 = cFrom + 4 * cStride;
    int row5 = cFrom + 5 * cStride;
    DoubleVector c0x0 = DoubleVector.fromArray(DOUBLES, c, row0);
    DoubleVector c0x1 = DoubleVector.fromArray(DOUBLES, c, row0 + 4);
    DoubleVector c1x0 = DoubleVector.fromArray(DOUBLES, c, row1);
    DoubleVector c1x1 = DoubleVector.fromArray(DOUBLES, c, row1 + 4);
    DoubleVector c2x0 = DoubleVector.fromArray(DOUBLES, c, row2);
    DoubleVector c2x1 = DoubleVector.fromArray(DOUBLES, c, row2 + 4);
    DoubleVector c3x0 = DoubleVector.fromArray(DOUBLES, c, row3);
    DoubleVector c3x1 = DoubleVector.fromArray(DOUBLES, c, row3 + 4);
    DoubleVector c4x0 = DoubleVector.fromArray(DOUBLES, c, row4);
    DoubleVector c4x1 = DoubleVector.fromArray(DOUBLES, c, row4 + 4);
    DoubleVector c5x0 = DoubleVector.fromArray(DOUBLES, c, row5);
    DoubleVector c5x1 = DoubleVector.fromArray(DOUBLES, c, row5 + 4);
    for (int p = 0; p < depth; p++) {
      int atA = aFrom + p * ROWS;
      int atB = bFrom + p * COLUMNS;
      DoubleVector b0 = DoubleVector.fromArray(DOUBLES, b, atB);
      DoubleVector b1 = DoubleVector.fromArray(DOUBLES, b, atB + 4);
      DoubleVector a0 = DoubleVector.broadcast(DOUBLES, a[atA]);
      c0x0 = a0.fma(b0, c0x0);
      c0x1 = a0.fma(b1, c0x1);
      DoubleVector a1 = DoubleVector.broadcast(DOUBLES, a[atA + 1]);
      c1x0 = a1.fma(b0, c1x0);
      c1x1 = a1.fma(b1, c1x1);
      DoubleVector a2 = DoubleVector.broadcast(DOUBLES, a[atA + 2]);
      c2x0 = a2.fma(b0, c2x0);
      c2x1 = a2.fma(b1, c2x1);
      DoubleVector a3 = DoubleVector.broadcast(DOUBLES, a[atA + 3]);
      c3x0 = a3.fma(b0, c3x0);
      c3x1 = a3.fma(b1, c3x1);
      DoubleVector a4 = DoubleVector.broadcast(DOUBLES, a[atA + 4]);
      c4x0 = a4.fma(b0, c4x0);
      c4x1 = a4.fma(b1, c4x1);
      DoubleVector a5 = DoubleVector.broadcast(DOUBLES, a[atA + 5]);
      c5x0 = a5.fma(b0, c5x0);
      c5x1 = a5.fma(b1, c5x1);
    }
    c0x0.intoArray(c, row0);
    c0x1.intoArray(c, row0 + 4);
    c1x0.intoArray(c, row1);
    c1x1.intoArray(c, row1 + 4);
    c2x0.intoArray(c, row2);
    c2x1.intoArray(c, row2 + 4);
    c3x0.intoArray(c, row3);
    c3x1.intoArray(c, row3 + 4);
    c4x0.intoArray(c, row4);
    c4x1.intoArray(c, row4 + 4);
    c5x0.intoArray(c, row5);
    c5x1.intoArray(c, row5 + 4);
  }
}
