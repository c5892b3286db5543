package dev.stockpot.kernels.matrix;

import dev.stockpot.kernels.MatrixKernels;
import java.util.Arrays;

/**
 * Parts of matrices, copied into arrays in the order in which tiles read them: groups of {@code
 * width} rows of a (or columns of b), each with {@code step} elements for every term. What is
 * missing in the last group is zero; what is beyond the width is not read.
 *
 * <pre>
 * group 0: | x(0,0) … x(w-1,0) … | x(0,1) … x(w-1,1) … | …    x(i,p): row i of a, or column i of b
 * group 1: | x(w,0) … x(2w-1,0) … | …
 * </pre>
 */
final class Panels {
  private static final int STRIP = 64;
  private static final int TERMS = 16;

  private Panels() {}

  /** Elements that so many columns take for each term. */
  static int padded(int count, int width) {
    return (count + width - 1) / width * width;
  }

  /** Columns of b, as they are. */
  static void packColumns(
      MatrixKernels kernels,
      Matrix b,
      int term,
      int terms,
      int column,
      int columns,
      double[] into) {
    int width = kernels.tileColumns();
    if (b.isTransposed()) {
      interleave(b.transposed(), column, columns, term, terms, width, width, 1, into);
    } else {
      spread(kernels, b, term, terms, column, columns, width, width, 1, into);
    }
  }

  /** Rows of a, times a sign. */
  static void packRows(
      MatrixKernels kernels,
      Matrix a,
      int row,
      int rows,
      int term,
      int terms,
      double sign,
      double[] into) {
    int width = kernels.tileRows();
    int step = kernels.packedRows();
    if (a.isTransposed()) {
      spread(kernels, a.transposed(), term, terms, row, rows, width, step, sign, into);
    } else {
      interleave(a, row, rows, term, terms, width, step, sign, into);
    }
  }

  /**
   * Stored rows are terms: elements of a group lie side by side. Some terms at a time, so that what
   * is written of a group lies in one piece: groups are as far apart as caches take them to be one.
   */
  private static void spread(
      MatrixKernels kernels,
      Matrix from,
      int term,
      int terms,
      int first,
      int count,
      int width,
      int step,
      double sign,
      double[] into) {
    int length = padded(count, width);
    double[] rows = new double[TERMS * length];
    for (int p = 0; p < terms; p += TERMS) {
      int some = Math.min(TERMS, terms - p);
      for (int q = 0; q < some; q++) {
        from.read(term + p + q, first, rows, q * length, count);
      }
      if (sign < 0) {
        negate(rows, some * length);
      }
      for (int i = 0, at = p * step; i < count; i += width, at += terms * step) {
        kernels.copyGroups(some, rows, i, length, width, into, at, step);
      }
    }
  }

  private static void negate(double[] x, int count) {
    for (int i = 0; i < count; i++) {
      x[i] = -x[i];
    }
  }

  /** Stored rows are rows or columns of the panel: elements of a group lie a row apart. */
  private static void interleave(
      Matrix from,
      int first,
      int count,
      int term,
      int terms,
      int width,
      int step,
      double sign,
      double[] into) {
    double[] strip = new double[width * STRIP];
    for (int group = 0; group < count; group += width) {
      int present = Math.min(width, count - group);
      Arrays.fill(strip, present * STRIP, width * STRIP, 0);
      for (int p = 0; p < terms; p += STRIP) {
        int length = Math.min(STRIP, terms - p);
        for (int i = 0; i < present; i++) {
          from.read(first + group + i, term + p, strip, i * STRIP, length);
        }
        if (sign < 0) {
          negate(strip, present * STRIP);
        }
        turn(strip, length, width, step, into, (group / width * terms + p) * step);
      }
    }
  }

  private static void turn(double[] strip, int length, int width, int step, double[] into, int at) {
    int fours = width - width % 4;
    for (int i = 0; i < fours; i += 4) {
      turnFour(strip, i * STRIP, length, into, at + i, step);
    }
    for (int i = fours; i < width; i++) {
      for (int q = 0; q < length; q++) {
        into[at + q * step + i] = strip[i * STRIP + q];
      }
    }
  }

  /** Four rows become columns: a loop that compilers make short. */
  private static void turnFour(
      double[] strip, int from, int length, double[] into, int at, int step) {
    for (int q = 0, to = at; q < length; q++, to += step) {
      into[to] = strip[from + q];
      into[to + 1] = strip[from + STRIP + q];
      into[to + 2] = strip[from + 2 * STRIP + q];
      into[to + 3] = strip[from + 3 * STRIP + q];
    }
  }
}
