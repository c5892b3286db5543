package dev.stockpot.kernels.matrix;

import dev.stockpot.kernels.Operand;
import dev.stockpot.kernels.number.DType;

/** Tensors as matrices, and back. */
final class Operands {
  private Operands() {}

  /** Copies elements in row-major order; each widened exactly. */
  static void read(Operand from, Matrix into) {
    requireSize(from, into);
    int columns = into.columns();
    double[] row = new double[columns];
    WideElements elements = new WideElements(from, columns);
    for (int i = 0, at = 0; i < into.rows(); i++, at += columns) {
      elements.read(at, row);
      into.write(i, 0, row, 0, columns);
    }
  }

  /** Takes the elements of one tensor away from those of another, in row-major order. */
  static void readDifference(Operand of, Operand from, Matrix into) {
    requireSize(of, into);
    requireSize(from, into);
    int columns = into.columns();
    double[] row = new double[columns];
    double[] taken = new double[columns];
    WideElements elements = new WideElements(of, columns);
    WideElements others = new WideElements(from, columns);
    for (int i = 0, at = 0; i < into.rows(); i++, at += columns) {
      elements.read(at, row);
      others.read(at, taken);
      for (int j = 0; j < columns; j++) {
        row[j] -= taken[j];
      }
      into.write(i, 0, row, 0, columns);
    }
  }

  /** Copies elements in row-major order, each rounded to nearest even where float32 is wanted. */
  static void write(Matrix from, Operand into) {
    boolean wide = into.dtype() == DType.F64;
    if (!wide && into.dtype() != DType.F32) {
      throw new IllegalArgumentException(
          "a matrix is written as F32 or F64, not as %s".formatted(into.dtype()));
    }
    write(
        from,
        into,
        (at, element) -> {
          if (wide) {
            into.doubles().put(at, element);
          } else {
            into.floats().put(at, (float) element);
          }
        });
  }

  /** Copies elements in row-major order to float32, each rounded to odd. */
  static void writeToOdd(Matrix from, Operand into) {
    if (into.dtype() != DType.F32) {
      throw new IllegalArgumentException(
          "a matrix is rounded to odd as F32, not as %s".formatted(into.dtype()));
    }
    write(from, into, (at, element) -> into.floats().put(at, toOdd(element)));
  }

  /** What takes an element at its place. */
  private interface Sink {
    void put(int at, double element);
  }

  private static void write(Matrix from, Operand into, Sink sink) {
    requireSize(into, from);
    int columns = from.columns();
    double[] row = new double[columns];
    for (int i = 0, at = 0; i < from.rows(); i++, at += columns) {
      from.read(i, 0, row, 0, columns);
      for (int j = 0; j < columns; j++) {
        sink.put(at + j, row[j]);
      }
    }
  }

  /** Of the two nearest the one whose last bit is set, where the number is neither. */
  static float toOdd(double exact) {
    float nearest = (float) exact;
    int bits = Float.floatToRawIntBits(nearest);
    if (nearest == exact || Double.isNaN(exact) || (bits & 1) == 1) {
      return nearest;
    }
    boolean isBeyond = Math.abs((double) nearest) > Math.abs(exact);
    return Float.intBitsToFloat(isBeyond ? bits - 1 : bits + 1);
  }

  private static void requireSize(Operand operand, Matrix matrix) {
    if ((long) matrix.rows() * matrix.columns() != operand.elements()) {
      throw new IllegalArgumentException(
          "%s elements are no %s".formatted(operand.elements(), matrix));
    }
  }
}
