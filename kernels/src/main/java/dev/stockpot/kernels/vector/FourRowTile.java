package dev.stockpot.kernels.vector;

import static dev.stockpot.kernels.vector.Lanes.DOUBLES;

import jdk.incubator.vector.DoubleVector;

/**
 * A tile of 4 rows by 3 registers, for machines with 16 registers: 12 sums, 3 registers of b and
 * one of a. Written out, as C2 keeps only local variables in registers, and two terms in each turn
 * of the loop, which is a tenth faster than one.
 */
final class FourRowTile {
  static final int ROWS = 4;

  private FourRowTile() {}

  static void add(
      int depth, double[] a, int aFrom, double[] b, int bFrom, double[] c, int cFrom, int cStride) {
    int lanes = DOUBLES.length();
    int row0 = cFrom;
    int row1 = cFrom + cStride;
    int row2 = cFrom + 2 * cStride;
    int row3 = cFrom + 3 * cStride;
    DoubleVector c00 = DoubleVector.fromArray(DOUBLES, c, row0);
    DoubleVector c01 = DoubleVector.fromArray(DOUBLES, c, row0 + lanes);
    DoubleVector c02 = DoubleVector.fromArray(DOUBLES, c, row0 + 2 * lanes);
    DoubleVector c10 = DoubleVector.fromArray(DOUBLES, c, row1);
    DoubleVector c11 = DoubleVector.fromArray(DOUBLES, c, row1 + lanes);
    DoubleVector c12 = DoubleVector.fromArray(DOUBLES, c, row1 + 2 * lanes);
    DoubleVector c20 = DoubleVector.fromArray(DOUBLES, c, row2);
    DoubleVector c21 = DoubleVector.fromArray(DOUBLES, c, row2 + lanes);
    DoubleVector c22 = DoubleVector.fromArray(DOUBLES, c, row2 + 2 * lanes);
    DoubleVector c30 = DoubleVector.fromArray(DOUBLES, c, row3);
    DoubleVector c31 = DoubleVector.fromArray(DOUBLES, c, row3 + lanes);
    DoubleVector c32 = DoubleVector.fromArray(DOUBLES, c, row3 + 2 * lanes);
    int atA = aFrom;
    int atB = bFrom;
    int pairs = depth / 2;
    for (int p = 0; p < pairs; p++) {
      DoubleVector b00 = DoubleVector.fromArray(DOUBLES, b, atB);
      DoubleVector b01 = DoubleVector.fromArray(DOUBLES, b, atB + lanes);
      DoubleVector b02 = DoubleVector.fromArray(DOUBLES, b, atB + 2 * lanes);
      DoubleVector a00 = DoubleVector.broadcast(DOUBLES, a[atA]);
      c00 = a00.fma(b00, c00);
      c01 = a00.fma(b01, c01);
      c02 = a00.fma(b02, c02);
      DoubleVector a01 = DoubleVector.broadcast(DOUBLES, a[atA + 1]);
      c10 = a01.fma(b00, c10);
      c11 = a01.fma(b01, c11);
      c12 = a01.fma(b02, c12);
      DoubleVector a02 = DoubleVector.broadcast(DOUBLES, a[atA + 2]);
      c20 = a02.fma(b00, c20);
      c21 = a02.fma(b01, c21);
      c22 = a02.fma(b02, c22);
      DoubleVector a03 = DoubleVector.broadcast(DOUBLES, a[atA + 3]);
      c30 = a03.fma(b00, c30);
      c31 = a03.fma(b01, c31);
      c32 = a03.fma(b02, c32);
      DoubleVector b10 = DoubleVector.fromArray(DOUBLES, b, atB + 3 * lanes);
      DoubleVector b11 = DoubleVector.fromArray(DOUBLES, b, atB + 4 * lanes);
      DoubleVector b12 = DoubleVector.fromArray(DOUBLES, b, atB + 5 * lanes);
      DoubleVector a10 = DoubleVector.broadcast(DOUBLES, a[atA + 4]);
      c00 = a10.fma(b10, c00);
      c01 = a10.fma(b11, c01);
      c02 = a10.fma(b12, c02);
      DoubleVector a11 = DoubleVector.broadcast(DOUBLES, a[atA + 5]);
      c10 = a11.fma(b10, c10);
      c11 = a11.fma(b11, c11);
      c12 = a11.fma(b12, c12);
      DoubleVector a12 = DoubleVector.broadcast(DOUBLES, a[atA + 6]);
      c20 = a12.fma(b10, c20);
      c21 = a12.fma(b11, c21);
      c22 = a12.fma(b12, c22);
      DoubleVector a13 = DoubleVector.broadcast(DOUBLES, a[atA + 7]);
      c30 = a13.fma(b10, c30);
      c31 = a13.fma(b11, c31);
      c32 = a13.fma(b12, c32);
      atA += 2 * ROWS;
      atB += 6 * lanes;
    }
    if (depth % 2 != 0) {
      DoubleVector b0 = DoubleVector.fromArray(DOUBLES, b, atB);
      DoubleVector b1 = DoubleVector.fromArray(DOUBLES, b, atB + lanes);
      DoubleVector b2 = DoubleVector.fromArray(DOUBLES, b, atB + 2 * lanes);
      DoubleVector a0 = DoubleVector.broadcast(DOUBLES, a[atA]);
      c00 = a0.fma(b0, c00);
      c01 = a0.fma(b1, c01);
      c02 = a0.fma(b2, c02);
      DoubleVector a1 = DoubleVector.broadcast(DOUBLES, a[atA + 1]);
      c10 = a1.fma(b0, c10);
      c11 = a1.fma(b1, c11);
      c12 = a1.fma(b2, c12);
      DoubleVector a2 = DoubleVector.broadcast(DOUBLES, a[atA + 2]);
      c20 = a2.fma(b0, c20);
      c21 = a2.fma(b1, c21);
      c22 = a2.fma(b2, c22);
      DoubleVector a3 = DoubleVector.broadcast(DOUBLES, a[atA + 3]);
      c30 = a3.fma(b0, c30);
      c31 = a3.fma(b1, c31);
      c32 = a3.fma(b2, c32);
    }
    c00.intoArray(c, row0);
    c01.intoArray(c, row0 + lanes);
    c02.intoArray(c, row0 + 2 * lanes);
    c10.intoArray(c, row1);
    c11.intoArray(c, row1 + lanes);
    c12.intoArray(c, row1 + 2 * lanes);
    c20.intoArray(c, row2);
    c21.intoArray(c, row2 + lanes);
    c22.intoArray(c, row2 + 2 * lanes);
    c30.intoArray(c, row3);
    c31.intoArray(c, row3 + lanes);
    c32.intoArray(c, row3 + 2 * lanes);
  }
}
