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
    for (int i = 0, at = 0; i < into.rows(); i++, at += columns) {
      for (int j = 0; j < columns; j++) {
        row[j] = from.at(at + j);
      }
      into.write(i, 0, row, 0, columns);
    }
  }

  /** Copies elements in row-major order, each rounded to nearest even where float32 is wanted. */
  static void write(Matrix from, Operand into) {
    requireSize(into, from);
    boolean wide = into.dtype() == DType.F64;
    if (!wide && into.dtype() != DType.F32) {
      throw new IllegalArgumentException(
          "a matrix is written as F32 or F64, not as %s".formatted(into.dtype()));
    }
    int columns = from.columns();
    double[] row = new double[columns];
    for (int i = 0, at = 0; i < from.rows(); i++, at += columns) {
      from.read(i, 0, row, 0, columns);
      for (int j = 0; j < columns; j++) {
        if (wide) {
          into.doubles().put(at + j, row[j]);
        } else {
          into.floats().put(at + j, (float) row[j]);
        }
      }
    }
  }

  private static void requireSize(Operand operand, Matrix matrix) {
    if ((long) matrix.rows() * matrix.columns() != operand.elements()) {
      throw new IllegalArgumentException(
          "%s elements are no %s".formatted(operand.elements(), matrix));
    }
  }
}
