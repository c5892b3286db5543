package dev.stockpot.kernels.vector;

import static dev.stockpot.kernels.MatrixKernels.ROWS_APART;
import static dev.stockpot.kernels.vector.Lanes.DOUBLES;

import jdk.incubator.vector.DoubleVector;

/**
 * A tile of 5 rows by 2 registers of 4, for machines with 16 registers: 10 sums, 2 registers of b
 * and up to three of a, which C2 reads ahead; with 12 sums it kept one in memory, at half the
 * speed. Rows of a are packed as if they were 8, as checks of places leave the loop only where its
 * steps are shifts. Written out, as C2 keeps only local variables in registers; rows of c are
 * counted twice, lest their places take registers that the loop needs.
 */
final class FiveRowTile {
  static final int ROWS = 5;
  static final int PACKED_ROWS = 8;
  static final int COLUMNS = 8;

  private FiveRowTile() {}

  static void add(
      int depth, double[] a, int aFrom, double[] b, int bFrom, double[] c, int cFrom, int cStride) {
    int at = cFrom;
    DoubleVector c0x0 = DoubleVector.fromArray(DOUBLES, c, at);
    DoubleVector c0x1 = DoubleVector.fromArray(DOUBLES, c, at + 4);
    at += cStride;
    DoubleVector c1x0 = DoubleVector.fromArray(DOUBLES, c, at);
    DoubleVector c1x1 = DoubleVector.fromArray(DOUBLES, c, at + 4);
    at += cStride;
    DoubleVector c2x0 = DoubleVector.fromArray(DOUBLES, c, at);
    DoubleVector c2x1 = DoubleVector.fromArray(DOUBLES, c, at + 4);
    at += cStride;
    DoubleVector c3x0 = DoubleVector.fromArray(DOUBLES, c, at);
    DoubleVector c3x1 = DoubleVector.fromArray(DOUBLES, c, at + 4);
    at += cStride;
    DoubleVector c4x0 = DoubleVector.fromArray(DOUBLES, c, at);
    DoubleVector c4x1 = DoubleVector.fromArray(DOUBLES, c, at + 4);
    for (int p = 0; p < depth; p++) {
      int atA = aFrom + p * PACKED_ROWS;
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
    }
    at = cFrom;
    c0x0.intoArray(c, at);
    c0x1.intoArray(c, at + 4);
    at += cStride;
    c1x0.intoArray(c, at);
    c1x1.intoArray(c, at + 4);
    at += cStride;
    c2x0.intoArray(c, at);
    c2x1.intoArray(c, at + 4);
    at += cStride;
    c3x0.intoArray(c, at);
    c3x1.intoArray(c, at + 4);
    at += cStride;
    c4x0.intoArray(c, at);
    c4x1.intoArray(c, at + 4);
  }

  /** Of rows as they lie. */
  static void addRows(
      int depth, double[] a, int aFrom, double[] b, int bFrom, double[] c, int cFrom, int cStride) {
    int at = cFrom;
    DoubleVector c0x0 = DoubleVector.fromArray(DOUBLES, c, at);
    DoubleVector c0x1 = DoubleVector.fromArray(DOUBLES, c, at + 4);
    at += cStride;
    DoubleVector c1x0 = DoubleVector.fromArray(DOUBLES, c, at);
    DoubleVector c1x1 = DoubleVector.fromArray(DOUBLES, c, at + 4);
    at += cStride;
    DoubleVector c2x0 = DoubleVector.fromArray(DOUBLES, c, at);
    DoubleVector c2x1 = DoubleVector.fromArray(DOUBLES, c, at + 4);
    at += cStride;
    DoubleVector c3x0 = DoubleVector.fromArray(DOUBLES, c, at);
    DoubleVector c3x1 = DoubleVector.fromArray(DOUBLES, c, at + 4);
    at += cStride;
    DoubleVector c4x0 = DoubleVector.fromArray(DOUBLES, c, at);
    DoubleVector c4x1 = DoubleVector.fromArray(DOUBLES, c, at + 4);
    for (int p = 0; p < depth; p++) {
      int atA = aFrom + p;
      int atB = bFrom + p * COLUMNS;
      DoubleVector b0 = DoubleVector.fromArray(DOUBLES, b, atB);
      DoubleVector b1 = DoubleVector.fromArray(DOUBLES, b, atB + 4);
      DoubleVector a0 = DoubleVector.broadcast(DOUBLES, a[atA]);
      c0x0 = a0.fma(b0, c0x0);
      c0x1 = a0.fma(b1, c0x1);
      DoubleVector a1 = DoubleVector.broadcast(DOUBLES, a[atA + ROWS_APART]);
      c1x0 = a1.fma(b0, c1x0);
      c1x1 = a1.fma(b1, c1x1);
      DoubleVector a2 = DoubleVector.broadcast(DOUBLES, a[atA + 2 * ROWS_APART]);
      c2x0 = a2.fma(b0, c2x0);
      c2x1 = a2.fma(b1, c2x1);
      DoubleVector a3 = DoubleVector.broadcast(DOUBLES, a[atA + 3 * ROWS_APART]);
      c3x0 = a3.fma(b0, c3x0);
      c3x1 = a3.fma(b1, c3x1);
      DoubleVector a4 = DoubleVector.broadcast(DOUBLES, a[atA + 4 * ROWS_APART]);
      c4x0 = a4.fma(b0, c4x0);
      c4x1 = a4.fma(b1, c4x1);
    }
    at = cFrom;
    c0x0.intoArray(c, at);
    c0x1.intoArray(c, at + 4);
    at += cStride;
    c1x0.intoArray(c, at);
    c1x1.intoArray(c, at + 4);
    at += cStride;
    c2x0.intoArray(c, at);
    c2x1.intoArray(c, at + 4);
    at += cStride;
    c3x0.intoArray(c, at);
    c3x1.intoArray(c, at + 4);
    at += cStride;
    c4x0.intoArray(c, at);
    c4x1.intoArray(c, at + 4);
  }
}
