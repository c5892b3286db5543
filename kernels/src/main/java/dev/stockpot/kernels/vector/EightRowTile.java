package dev.stockpot.kernels.vector;

import static dev.stockpot.kernels.vector.Lanes.DOUBLES;

import jdk.incubator.vector.DoubleVector;

/**
 * A tile of 8 rows by 3 registers, for machines with 32 registers: 24 sums, 3 registers of b and
 * one of a. Written out, as C2 keeps only local variables in registers, and two terms in each turn
 * of the loop, which is a tenth faster than one.
 */
final class EightRowTile {
  static final int ROWS = 8;

  private EightRowTile() {}

  static void add(
      int depth, double[] a, int aFrom, double[] b, int bFrom, double[] c, int cFrom, int cStride) {
    int lanes = DOUBLES.length();
    int row0 = cFrom;
    int row1 = cFrom + cStride;
    int row2 = cFrom + 2 * cStride;
    int row3 = cFrom + 3 * cStride;
    int row4 = cFrom + 4 * cStride;
    int row5 = cFrom + 5 * cStride;
    int row6 = cFrom + 6 * cStride;
    int row7 = cFrom + 7 * cStride;
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
    DoubleVector c40 = DoubleVector.fromArray(DOUBLES, c, row4);
    DoubleVector c41 = DoubleVector.fromArray(DOUBLES, c, row4 + lanes);
    DoubleVector c42 = DoubleVector.fromArray(DOUBLES, c, row4 + 2 * lanes);
    DoubleVector c50 = DoubleVector.fromArray(DOUBLES, c, row5);
    DoubleVector c51 = DoubleVector.fromArray(DOUBLES, c, row5 + lanes);
    DoubleVector c52 = DoubleVector.fromArray(DOUBLES, c, row5 + 2 * lanes);
    DoubleVector c60 = DoubleVector.fromArray(DOUBLES, c, row6);
    DoubleVector c61 = DoubleVector.fromArray(DOUBLES, c, row6 + lanes);
    DoubleVector c62 = DoubleVector.fromArray(DOUBLES, c, row6 + 2 * lanes);
    DoubleVector c70 = DoubleVector.fromArray(DOUBLES, c, row7);
    DoubleVector c71 = DoubleVector.fromArray(DOUBLES, c, row7 + lanes);
    DoubleVector c72 = DoubleVector.fromArray(DOUBLES, c, row7 + 2 * lanes);
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
      DoubleVector a04 = DoubleVector.broadcast(DOUBLES, a[atA + 4]);
      c40 = a04.fma(b00, c40);
      c41 = a04.fma(b01, c41);
      c42 = a04.fma(b02, c42);
      DoubleVector a05 = DoubleVector.broadcast(DOUBLES, a[atA + 5]);
      c50 = a05.fma(b00, c50);
      c51 = a05.fma(b01, c51);
      c52 = a05.fma(b02, c52);
      DoubleVector a06 = DoubleVector.broadcast(DOUBLES, a[atA + 6]);
      c60 = a06.fma(b00, c60);
      c61 = a06.fma(b01, c61);
      c62 = a06.fma(b02, c62);
      DoubleVector a07 = DoubleVector.broadcast(DOUBLES, a[atA + 7]);
      c70 = a07.fma(b00, c70);
      c71 = a07.fma(b01, c71);
      c72 = a07.fma(b02, c72);
      DoubleVector b10 = DoubleVector.fromArray(DOUBLES, b, atB + 3 * lanes);
      DoubleVector b11 = DoubleVector.fromArray(DOUBLES, b, atB + 4 * lanes);
      DoubleVector b12 = DoubleVector.fromArray(DOUBLES, b, atB + 5 * lanes);
      DoubleVector a10 = DoubleVector.broadcast(DOUBLES, a[atA + 8]);
      c00 = a10.fma(b10, c00);
      c01 = a10.fma(b11, c01);
      c02 = a10.fma(b12, c02);
      DoubleVector a11 = DoubleVector.broadcast(DOUBLES, a[atA + 9]);
      c10 = a11.fma(b10, c10);
      c11 = a11.fma(b11, c11);
      c12 = a11.fma(b12, c12);
      DoubleVector a12 = DoubleVector.broadcast(DOUBLES, a[atA + 10]);
      c20 = a12.fma(b10, c20);
      c21 = a12.fma(b11, c21);
      c22 = a12.fma(b12, c22);
      DoubleVector a13 = DoubleVector.broadcast(DOUBLES, a[atA + 11]);
      c30 = a13.fma(b10, c30);
      c31 = a13.fma(b11, c31);
      c32 = a13.fma(b12, c32);
      DoubleVector a14 = DoubleVector.broadcast(DOUBLES, a[atA + 12]);
      c40 = a14.fma(b10, c40);
      c41 = a14.fma(b11, c41);
      c42 = a14.fma(b12, c42);
      DoubleVector a15 = DoubleVector.broadcast(DOUBLES, a[atA + 13]);
      c50 = a15.fma(b10, c50);
      c51 = a15.fma(b11, c51);
      c52 = a15.fma(b12, c52);
      DoubleVector a16 = DoubleVector.broadcast(DOUBLES, a[atA + 14]);
      c60 = a16.fma(b10, c60);
      c61 = a16.fma(b11, c61);
      c62 = a16.fma(b12, c62);
      DoubleVector a17 = DoubleVector.broadcast(DOUBLES, a[atA + 15]);
      c70 = a17.fma(b10, c70);
      c71 = a17.fma(b11, c71);
      c72 = a17.fma(b12, c72);
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
      DoubleVector a4 = DoubleVector.broadcast(DOUBLES, a[atA + 4]);
      c40 = a4.fma(b0, c40);
      c41 = a4.fma(b1, c41);
      c42 = a4.fma(b2, c42);
      DoubleVector a5 = DoubleVector.broadcast(DOUBLES, a[atA + 5]);
      c50 = a5.fma(b0, c50);
      c51 = a5.fma(b1, c51);
      c52 = a5.fma(b2, c52);
      DoubleVector a6 = DoubleVector.broadcast(DOUBLES, a[atA + 6]);
      c60 = a6.fma(b0, c60);
      c61 = a6.fma(b1, c61);
      c62 = a6.fma(b2, c62);
      DoubleVector a7 = DoubleVector.broadcast(DOUBLES, a[atA + 7]);
      c70 = a7.fma(b0, c70);
      c71 = a7.fma(b1, c71);
      c72 = a7.fma(b2, c72);
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
    c40.intoArray(c, row4);
    c41.intoArray(c, row4 + lanes);
    c42.intoArray(c, row4 + 2 * lanes);
    c50.intoArray(c, row5);
    c51.intoArray(c, row5 + lanes);
    c52.intoArray(c, row5 + 2 * lanes);
    c60.intoArray(c, row6);
    c61.intoArray(c, row6 + lanes);
    c62.intoArray(c, row6 + 2 * lanes);
    c70.intoArray(c, row7);
    c71.intoArray(c, row7 + lanes);
    c72.intoArray(c, row7 + 2 * lanes);
  }
}
