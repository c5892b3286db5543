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

  /** Stored rows are terms: elements of a group lie side by side. */
  private static void spread(
      Matrix from,
      int term,
      int terms,
      int first,
      int count,
      int width,
      double sign,
      double[] into) {
    double[] row = new double[padded(count, width)];
    for (int p = 0; p < terms; p++) {
      from.read(term + p, first, row, 0, count);
      if (sign < 0) {
        for (int i = 0; i < count; i++) {
          row[i] = -row[i];
        }
      }
      for (int i = 0, at = p * width; i < count; i += width, at += terms * width) {
        System.arraycopy(row, i, into, at, width);
      }
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
        int at = group * terms + p * width;
        for (int q = 0; q < length; q++) {
          for (int i = 0; i < width; i++) {
            into[at + q * width + i] = sign * strip[i * STRIP + q];
          }
        }
      }
    }
  }
}
