package dev.stockpot.kernels.matrix;

import java.util.Arrays;

/**
 * Parts of matrices, copied into arrays in the order in which tiles read them: groups of {@code
 * width} rows of a (or columns of b), each with {@code width} elements for every term. What is
 * missing in the last group is zero.
 *
 * <pre>
 * group 0: | x(0,0) … x(w-1,0) | x(0,1) … x(w-1,1) | …    x(i,p): row i of a, or column i of b
 * group 1: | x(w,0) … x(2w-1,0) | …
 * </pre>
 */
final class Panels {
  private static final int STRIP = 64;
  private static final int TERMS = 16;

  private Panels() {}

  /** Elements that so many rows or columns take for each term. */
  static int padded(int count, int width) {
    return (count + width - 1) / width * width;
  }

  /** Columns of b, as they are. */
  static void packColumns(
      Matrix b, int term, int terms, int column, int columns, int width, double[] into) {
    if (b.isTransposed()) {
      interleave(b.transposed(), column, columns, term, terms, width, 1, into);
    } else {
      spread(b, term, terms, column, columns, width, 1, into);
    }
  }

  /** Rows of a, times a sign. */
  static void packRows(
      Matrix a, int row, int rows, int term, int terms, int width, double sign, double[] into) {
    if (a.isTransposed()) {
      spread(a.transposed(), term, terms, row, rows, width, sign, into);
    } else {
      interleave(a, row, rows, term, terms, width, sign, into);
    }
  }

  /**
   * Stored rows are terms: elements of a group lie side by side. Some terms at a time, so that what
   * is written of a group lies in one piece: groups are as far apart as caches take them to be one.
   */
  private static void spread(
      Matrix from,
      int term,
      int terms,
      int first,
      int count,
      int width,
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
      for (int i = 0; i < count; i += width) {
        int at = i * terms + p * width;
        for (int q = 0; q < some; q++) {
          System.arraycopy(rows, q * length + i, into, at + q * width, width);
        }
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
        int at = group * terms + p * width;
        for (int i = 0; i + 1 < width; i += 2) {
          turnTwo(strip, i * STRIP, length, into, at + i, width);
        }
        if (width % 2 == 1) {
          for (int q = 0; q < length; q++) {
            into[at + q * width + width - 1] = strip[(width - 1) * STRIP + q];
          }
        }
      }
    }
  }

  /** Two rows become columns: a loop that compilers make short. */
  private static void turnTwo(
      double[] strip, int from, int length, double[] into, int at, int width) {
    for (int q = 0, to = at; q < length; q++, to += width) {
      into[to] = strip[from + q];
      into[to + 1] = strip[from + STRIP + q];
    }
  }
}
