package dev.stockpot.kernels.vector;

import static dev.stockpot.kernels.vector.Lanes.DOUBLES;

import jdk.incubator.vector.DoubleVector;

/**
 * A tile of 4 rows by 3 registers of 4, for machines with 16 registers: 12 sums, 3 registers of b
 * and one of a. Written out, as C2 keeps only local variables in registers; and in numbers, as the
 * checks of places leave the loop only where its steps are constants: a quarter of the time.
 */
final class FourRowTile {
  static final int ROWS = 4;
  static final int COLUMNS = 12;

  private FourRowTile() {}

  static void add(
      int depth, double[] a, int aFrom, double[] b, int bFrom, double[] c, int cFrom, int cStride) {
    int row0 = cFrom;
    int row1 = cFrom + cStride;
    int row2 = cFrom + 2 * cStride;
    int row3 = cFrom + 3 * cStride;
    DoubleVector c0x0 = DoubleVector.fromArray(DOUBLES, c, row0);
    DoubleVector c0x1 = DoubleVector.fromArray(DOUBLES, c, row0 + 4);
    DoubleVector c0x2 = DoubleVector.fromArray(DOUBLES, c, row0 + 8);
    DoubleVector c1x0 = DoubleVector.fromArray(DOUBLES, c, row1);
    DoubleVector c1x1 = DoubleVector.fromArray(DOUBLES, c, row1 + 4);
    DoubleVector c1x2 = DoubleVector.fromArray(DOUBLES, c, row1 + 8);
    DoubleVector c2x0 = DoubleVector.fromArray(DOUBLES, c, row2);
    DoubleVector c2x1 = DoubleVector.fromArray(DOUBLES, c, row2 + 4);
    DoubleVector c2x2 = DoubleVector.fromArray(DOUBLES, c, row2 + 8);
    DoubleVector c3x0 = DoubleVector.fromArray(DOUBLES, c, row3);
    DoubleVector c3x1 = DoubleVector.fromArray(DOUBLES, c, row3 + 4);
    DoubleVector c3x2 = DoubleVector.fromArray(DOUBLES, c, row3 + 8);
    for (int p = 0; p < depth; p++) {
      int atA = aFrom + p * ROWS;
      int atB = bFrom + p * COLUMNS;
      DoubleVector b0 = DoubleVector.fromArray(DOUBLES, b, atB);
      DoubleVector b1 = DoubleVector.fromArray(DOUBLES, b, atB + 4);
      DoubleVector b2 = DoubleVector.fromArray(DOUBLES, b, atB + 8);
      DoubleVector a0 = DoubleVector.broadcast(DOUBLES, a[atA]);
      c0x0 = a0.fma(b0, c0x0);
      c0x1 = a0.fma(b1, c0x1);
      c0x2 = a0.fma(b2, c0x2);
      DoubleVector a1 = DoubleVector.broadcast(DOUBLES, a[atA + 1]);
      c1x0 = a1.fma(b0, c1x0);
      c1x1 = a1.fma(b1, c1x1);
      c1x2 = a1.fma(b2, c1x2);
      DoubleVector a2 = DoubleVector.broadcast(DOUBLES, a[atA + 2]);
      c2x0 = a2.fma(b0, c2x0);
      c2x1 = a2.fma(b1, c2x1);
      c2x2 = a2.fma(b2, c2x2);
      DoubleVector a3 = DoubleVector.broadcast(DOUBLES, a[atA + 3]);
      c3x0 = a3.fma(b0, c3x0);
      c3x1 = a3.fma(b1, c3x1);
      c3x2 = a3.fma(b2, c3x2);
    }
    c0x0.intoArray(c, row0);
    c0x1.intoArray(c, row0 + 4);
    c0x2.intoArray(c, row0 + 8);
    c1x0.intoArray(c, row1);
    c1x1.intoArray(c, row1 + 4);
    c1x2.intoArray(c, row1 + 8);
    c2x0.intoArray(c, row2);
    c2x1.intoArray(c, row2 + 4);
    c2x2.intoArray(c, row2 + 8);
    c3x0.intoArray(c, row3);
    c3x1.intoArray(c, row3 + 4);
    c3x2.intoArray(c, row3 + 8);
  }
}
