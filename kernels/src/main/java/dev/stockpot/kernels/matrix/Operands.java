package dev.stockpot.kernels.matrix;

import dev.stockpot.kernels.MatrixKernels;
import dev.stockpot.kernels.Operand;
import dev.stockpot.kernels.number.DType;
import java.util.Arrays;
import java.util.List;

/** Tensors as matrices, and back. */
final class Operands {
  /** Digits of float64 that float32 has not. */
  private static final long BEYOND_FLOAT = (1L << 29) - 1;

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

  /**
   * Adds weighted elements of tensors, in row-major order: one chain of fused multiply-adds for
   * each, begun with zero.
   */
  static void readSum(MatrixKernels kernels, List<Operand> tensors, double[] weights, Matrix into) {
    if (tensors.size() != weights.length) {
      throw new IllegalArgumentException(
          "%s weights for %s tensors".formatted(weights.length, tensors.size()));
    }
    tensors.forEach(tensor -> requireSize(tensor, into));
    int columns = into.columns();
    double[] row = new double[columns];
    double[] sum = new double[columns];
    List<WideElements> elements =
        tensors.stream().map(tensor -> new WideElements(tensor, columns)).toList();
    for (int i = 0, at = 0; i < into.rows(); i++, at += columns) {
      Arrays.fill(sum, 0);
      for (int k = 0; k < weights.length; k++) {
        elements.get(k).read(at, row);
        kernels.addRows(1, row, 0, columns, weights, k, sum, 0, columns);
      }
      into.write(i, 0, sum, 0, columns);
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
    if (wide) {
      write(from, into, (at, row) -> into.doubles().put(at, row));
    } else {
      writeFloats(from, into, element -> (float) element);
    }
  }

  /** Copies elements in row-major order to float32, each rounded to odd. */
  static void writeToOdd(Matrix from, Operand into) {
    if (into.dtype() != DType.F32) {
      throw new IllegalArgumentException(
          "a matrix is rounded to odd as F32, not as %s".formatted(into.dtype()));
    }
    writeFloats(from, into, Operands::toOdd);
  }

  /** How a number becomes float32. */
  private interface Rounding {
    float of(double exact);
  }

  private static void writeFloats(Matrix from, Operand into, Rounding rounding) {
    float[] rounded = new float[from.columns()];
    write(
        from,
        into,
        (at, row) -> {
          for (int j = 0; j < row.length; j++) {
            rounded[j] = rounding.of(row[j]);
          }
          into.floats().put(at, rounded);
        });
  }

  /** What takes a row at its place. */
  private interface Sink {
    void put(int at, double[] row);
  }

  private static void write(Matrix from, Operand into, Sink sink) {
    requireSize(into, from);
    int columns = from.columns();
    double[] row = new double[columns];
    for (int i = 0, at = 0; i < from.rows(); i++, at += columns) {
      from.read(i, 0, row, 0, columns);
      sink.put(at, row);
    }
  }

  /** Of the two nearest the one whose last bit is set, where the number is neither. */
  static float toOdd(double exact) {
    int exponent = Math.getExponent(exact);
    if (exponent >= Float.MIN_EXPONENT && exponent <= Float.MAX_EXPONENT) {
      long bits = Double.doubleToRawLongBits(exact);
      float cut = (float) Double.longBitsToDouble(bits & ~BEYOND_FLOAT); // exactly
      int odd = (bits & BEYOND_FLOAT) == 0 ? 0 : 1;
      return Float.intBitsToFloat(Float.floatToRawIntBits(cut) | odd);
    }
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
