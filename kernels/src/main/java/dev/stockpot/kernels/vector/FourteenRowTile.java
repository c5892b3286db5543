package dev.stockpot.kernels.vector;

import static dev.stockpot.kernels.vector.Lanes.DOUBLES;

import jdk.incubator.vector.DoubleVector;

/**
 * A tile of 14 rows by 2 registers of 8, for machines with 32 registers: 28 sums, 2 registers of b
 * and one of a. On OpenJDK 17 it is a tenth faster than 8 by 3, which loads less. Written out, as
 * C2 keeps only local variables in registers; and in numbers, as the checks of places leave the
 * loop only where its steps are constants: a quarter of the time.
 */
final class FourteenRowTile {
  static final int ROWS = 14;
  static final int COLUMNS = 16;

  private FourteenRowTile() {}

  static void add(
      int depth, double[] a, int aFrom, double[] b, int bFrom, double[] c, int cFrom, int cStride) {
    int row0 = cFrom;
    int row1 = cFrom + cStride;
    int row2 = cFrom + 2 * cStride;
    int row3 = cFrom + 3 * cStride;
    int row4 = cFrom + 4 * cStride;
    int row5 = cFrom + 5 * cStride;
    int row6 = cFrom + 6 * cStride;
    int row7 = cFrom + 7 * cStride;
    int row8 = cFrom + 8 * cStride;
    int row9 = cFrom + 9 * cStride;
    int row10 = cFrom + 10 * cStride;
    int row11 = cFrom + 11 * cStride;
    int row12 = cFrom + 12 * cStride;
    int row13 = cFrom + 13 * cStride;
    DoubleVector c0x0 = DoubleVector.fromArray(DOUBLES, c, row0);
    DoubleVector c0x1 = DoubleVector.fromArray(DOUBLES, c, row0 + 8);
    DoubleVector c1x0 = DoubleVector.fromArray(DOUBLES, c, row1);
    DoubleVector c1x1 = DoubleVector.fromArray(DOUBLES, c, row1 + 8);
    DoubleVector c2x0 = DoubleVector.fromArray(DOUBLES, c, row2);
    DoubleVector c2x1 = DoubleVector.fromArray(DOUBLES, c, row2 + 8);
    DoubleVector c3x0 = DoubleVector.fromArray(DOUBLES, c, row3);
    DoubleVector c3x1 = DoubleVector.fromArray(DOUBLES, c, row3 + 8);
    DoubleVector c4x0 = DoubleVector.fromArray(DOUBLES, c, row4);
    DoubleVector c4x1 = DoubleVector.fromArray(DOUBLES, c, row4 + 8);
    DoubleVector c5x0 = DoubleVector.fromArray(DOUBLES, c, row5);
    DoubleVector c5x1 = DoubleVector.fromArray(DOUBLES, c, row5 + 8);
    DoubleVector c6x0 = DoubleVector.fromArray(DOUBLES, c, row6);
    DoubleVector c6x1 = DoubleVector.fromArray(DOUBLES, c, row6 + 8);
    DoubleVector c7x0 = DoubleVector.fromArray(DOUBLES, c, row7);
    DoubleVector c7x1 = DoubleVector.fromArray(DOUBLES, c, row7 + 8);
    DoubleVector c8x0 = DoubleVector.fromArray(DOUBLES, c, row8);
    DoubleVector c8x1 = DoubleVector.fromArray(DOUBLES, c, row8 + 8);
    DoubleVector c9x0 = DoubleVector.fromArray(DOUBLES, c, row9);
    DoubleVector c9x1 = DoubleVector.fromArray(DOUBLES, c, row9 + 8);
    DoubleVector c10x0 = DoubleVector.fromArray(DOUBLES, c, row10);
    DoubleVector c10x1 = DoubleVector.fromArray(DOUBLES, c, row10 + 8);
    DoubleVector c11x0 = DoubleVector.fromArray(DOUBLES, c, row11);
    DoubleVector c11x1 = DoubleVector.fromArray(DOUBLES, c, row11 + 8);
    DoubleVector c12x0 = DoubleVector.fromArray(DOUBLES, c, row12);
    DoubleVector c12x1 = DoubleVector.fromArray(DOUBLES, c, row12 + 8);
    DoubleVector c13x0 = DoubleVector.fromArray(DOUBLES, c, row13);
    DoubleVector c13x1 = DoubleVector.fromArray(DOUBLES, c, row13 + 8);
    for (int p = 0; p < depth; p++) {
      int atA = aFrom + p * ROWS;
      int atB = bFrom + p * COLUMNS;
      DoubleVector b0 = DoubleVector.fromArray(DOUBLES, b, atB);
      DoubleVector b1 = DoubleVector.fromArray(DOUBLES, b, atB + 8);
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
      DoubleVector a6 = DoubleVector.broadcast(DOUBLES, a[atA + 6]);
      c6x0 = a6.fma(b0, c6x0);
      c6x1 = a6.fma(b1, c6x1);
      DoubleVector a7 = DoubleVector.broadcast(DOUBLES, a[atA + 7]);
      c7x0 = a7.fma(b0, c7x0);
      c7x1 = a7.fma(b1, c7x1);
      DoubleVector a8 = DoubleVector.broadcast(DOUBLES, a[atA + 8]);
      c8x0 = a8.fma(b0, c8x0);
      c8x1 = a8.fma(b1, c8x1);
      DoubleVector a9 = DoubleVector.broadcast(DOUBLES, a[atA + 9]);
      c9x0 = a9.fma(b0, c9x0);
      c9x1 = a9.fma(b1, c9x1);
      DoubleVector a10 = DoubleVector.broadcast(DOUBLES, a[atA + 10]);
      c10x0 = a10.fma(b0, c10x0);
      c10x1 = a10.fma(b1, c10x1);
      DoubleVector a11 = DoubleVector.broadcast(DOUBLES, a[atA + 11]);
      c11x0 = a11.fma(b0, c11x0);
      c11x1 = a11.fma(b1, c11x1);
      DoubleVector a12 = DoubleVector.broadcast(DOUBLES, a[atA + 12]);
      c12x0 = a12.fma(b0, c12x0);
      c12x1 = a12.fma(b1, c12x1);
      DoubleVector a13 = DoubleVector.broadcast(DOUBLES, a[atA + 13]);
      c13x0 = a13.fma(b0, c13x0);
      c13x1 = a13.fma(b1, c13x1);
    }
    c0x0.intoArray(c, row0);
    c0x1.intoArray(c, row0 + 8);
    c1x0.intoArray(c, row1);
    c1x1.intoArray(c, row1 + 8);
    c2x0.intoArray(c, row2);
    c2x1.intoArray(c, row2 + 8);
    c3x0.intoArray(c, row3);
    c3x1.intoArray(c, row3 + 8);
    c4x0.intoArray(c, row4);
    c4x1.intoArray(c, row4 + 8);
    c5x0.intoArray(c, row5);
    c5x1.intoArray(c, row5 + 8);
    c6x0.intoArray(c, row6);
    c6x1.intoArray(c, row6 + 8);
    c7x0.intoArray(c, row7);
    c7x1.intoArray(c, row7 + 8);
    c8x0.intoArray(c, row8);
    c8x1.intoArray(c, row8 + 8);
    c9x0.intoArray(c, row9);
    c9x1.intoArray(c, row9 + 8);
    c10x0.intoArray(c, row10);
    c10x1.intoArray(c, row10 + 8);
    c11x0.intoArray(c, row11);
    c11x1.intoArray(c, row11 + 8);
    c12x0.intoArray(c, row12);
    c12x1.intoArray(c, row12 + 8);
    c13x0.intoArray(c, row13);
    c13x1.intoArray(c, row13 + 8);
  }
}
