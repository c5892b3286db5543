package dev.stockpot.kernels.methods.statistics;

import dev.stockpot.kernels.matrix.Matrix;
import dev.stockpot.kernels.matrix.UpperTriangle;
import dev.stockpot.kernels.matrix.WideElements;
import dev.stockpot.kernels.method.WholeTensor;

/**
 * Rows of a Gram matrix, which is stored whole, or as the rows of its upper triangle one after the
 * other:
 *
 * <pre>
 * 0 1 2      0 1 2
 * 1 3 4  as    3 4
 * 2 4 5          5
 * </pre>
 */
final class GramRows {
  /** Stored rows that become columns at once. */
  private static final int STRIP = 32;

  private static final long EXPONENT = 0x7ffL << 52;
  private static final long LEAST_EXPONENT = 1L << 52;

  private final int order;
  private final double factor;
  private final double offDiagonal;
  private final boolean isPacked;
  private final WideElements elements;
  private final double[] row;

  /**
   * Those of a statistic.
   *
   * @param alpha factor on what is off the diagonal
   * @param factor on all of it
   */
  GramRows(WholeTensor stored, int order, double alpha, double factor) {
    this.order = order;
    this.factor = factor;
    offDiagonal = alpha * factor;
    isPacked = stored.shape().dimensions().size() == 1;
    elements = new WideElements(stored.elements(), order);
    row = new double[order];
  }

  /** Reads rows from {@code first} on. */
  void read(int first, Matrix into) {
    if (isPacked) {
      readLeft(first, into);
    }
    for (int i = 0; i < into.rows(); i++) {
      int at = first + i;
      int begin = isPacked ? at : 0;
      readRun(at, begin, order - begin, row);
      into.write(i, begin, row, 0, order - begin);
    }
    if (isPacked) {
      mirror(first, into);
    }
  }

  /** Columns before the first row, which are rows that are stored before it. */
  private void readLeft(int first, Matrix into) {
    double[] strip = new double[into.rows() * STRIP];
    for (int column = 0; column < first; column += STRIP) {
      int width = Math.min(STRIP, first - column);
      for (int j = 0; j < width; j++) {
        readRun(column + j, first, into.rows(), row);
        for (int i = 0; i < into.rows(); i++) {
          strip[i * STRIP + j] = row[i];
        }
      }
      for (int i = 0; i < into.rows(); i++) {
        into.write(i, column, strip, i * STRIP, width);
      }
    }
  }

  /** What is left of the diagonal in the square that it crosses. */
  private static void mirror(int first, Matrix into) {
    for (int i = 1; i < into.rows(); i++) {
      for (int j = 0; j < i; j++) {
        into.set(i, first + j, into.at(j, first + i));
      }
    }
  }

  /** Reads so many elements of a row, each times its factor. */
  private void readRun(int at, int column, int count, double[] into) {
    long place = isPacked ? UpperTriangle.place(order, at, column) : (long) at * order + column;
    elements.read(Math.toIntExact(place), into, count);
    int diagonal = at - column;
    boolean crosses = diagonal >= 0 && diagonal < count;
    double square = crosses ? into[diagonal] : 0;
    long exponents = 0; // negative as soon as one is that of NaN and infinity
    for (int j = 0; j < count; j++) {
      exponents |= (Double.doubleToRawLongBits(into[j]) & EXPONENT) + LEAST_EXPONENT;
      into[j] *= offDiagonal;
    }
    if (exponents < 0 || square < 0) {
      refuse(at, column, place, count);
    }
    if (crosses) {
      into[diagonal] = factor * square;
    }
  }

  private void refuse(int at, int column, long place, int count) {
    double[] again = new double[count];
    elements.read(Math.toIntExact(place), again, count);
    for (int j = 0; j < count; j++) {
      if (!Double.isFinite(again[j]) || (column + j == at && again[j] < 0)) {
        throw new IllegalArgumentException(
            "a Gram matrix has %s at row %s, column %s; compute it again"
                .formatted(again[j], at, column + j));
      }
    }
  }
}
