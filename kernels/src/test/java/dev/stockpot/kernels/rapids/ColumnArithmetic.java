package dev.stockpot.kernels.rapids;

import java.util.List;

/**
 * Arithmetic on the bits of two elements of one type, as C++ has it, and conversions between types.
 */
final class ColumnArithmetic {
  /** Of two types the one that comes later is what C++ converts both to. */
  private static final List<ColumnType> BY_RANK =
      List.of(
          ColumnType.BOOL8,
          ColumnType.UINT8,
          ColumnType.UINT16,
          ColumnType.INT32,
          ColumnType.UINT32,
          ColumnType.INT64,
          ColumnType.UINT64,
          ColumnType.FLOAT32,
          ColumnType.FLOAT64);

  private ColumnArithmetic() {}

  static ColumnType wider(ColumnType a, ColumnType b) {
    return BY_RANK.indexOf(a) > BY_RANK.indexOf(b) ? a : b;
  }

  static boolean isComparison(BinaryOperation operation) {
    return switch (operation) {
      case EQUAL, NOT_EQUAL, LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL -> true;
      default -> false;
    };
  }

  static long apply(BinaryOperation operation, ColumnType type, long a, long b) {
    return switch (type) {
      case FLOAT32 ->
          ofFloats(operation, Float.intBitsToFloat((int) a), Float.intBitsToFloat((int) b));
      case FLOAT64 -> ofDoubles(operation, Double.longBitsToDouble(a), Double.longBitsToDouble(b));
      case INT32 -> ofIntegers(operation, signed(a), signed(b));
      case UINT64 ->
          operation == BinaryOperation.SHIFT_RIGHT ? a >>> b : ofIntegers(operation, a, b);
      default -> ofIntegers(operation, a, b);
    };
  }

  private static long ofFloats(BinaryOperation operation, float a, float b) {
    return switch (operation) {
      case ADD -> JavaDevice.nan(a + b);
      case SUBTRACT -> JavaDevice.nan(a - b);
      case MULTIPLY -> JavaDevice.nan(a * b);
      case DIVIDE -> JavaDevice.nan(a / b);
      case EQUAL -> a == b ? 1 : 0;
      case NOT_EQUAL -> a != b ? 1 : 0;
      case LESS -> a < b ? 1 : 0;
      case LESS_OR_EQUAL -> a <= b ? 1 : 0;
      case GREATER -> a > b ? 1 : 0;
      case GREATER_OR_EQUAL -> a >= b ? 1 : 0;
      default -> throw new IllegalArgumentException(operation + " of floats");
    };
  }

  private static long ofDoubles(BinaryOperation operation, double a, double b) {
    return switch (operation) {
      case ADD -> JavaDevice.nan(a + b);
      case SUBTRACT -> JavaDevice.nan(a - b);
      case MULTIPLY -> JavaDevice.nan(a * b);
      case DIVIDE -> JavaDevice.nan(a / b);
      case LESS -> a < b ? 1 : 0;
      default -> throw new IllegalArgumentException(operation + " of float64");
    };
  }

  /** Numbers below 2⁶³; the caller cuts the result to its type. */
  private static long ofIntegers(BinaryOperation operation, long a, long b) {
    return switch (operation) {
      case ADD -> a + b;
      case SUBTRACT -> a - b;
      case MULTIPLY -> a * b;
      case SHIFT_LEFT -> a << b;
      case SHIFT_RIGHT -> {
        if (a < 0) {
          throw new IllegalArgumentException("a negative number is shifted right");
        }
        yield a >>> b;
      }
      case AND -> a & b;
      case OR -> a | b;
      case XOR -> a ^ b;
      case EQUAL -> a == b ? 1 : 0;
      case NOT_EQUAL -> a != b ? 1 : 0;
      case LESS -> a < b ? 1 : 0;
      case LESS_OR_EQUAL -> a <= b ? 1 : 0;
      case GREATER -> a > b ? 1 : 0;
      case GREATER_OR_EQUAL -> a >= b ? 1 : 0;
      case DIVIDE -> a / b;
    };
  }

  static long convert(long bits, ColumnType from, ColumnType to) {
    if (from == ColumnType.FLOAT32 && to == ColumnType.FLOAT64) {
      return JavaDevice.nan((double) Float.intBitsToFloat((int) bits));
    }
    if (from == ColumnType.FLOAT64 && to == ColumnType.FLOAT32) {
      return JavaDevice.nan((float) Double.longBitsToDouble(bits));
    }
    if (from == ColumnType.BOOL8 && to == ColumnType.FLOAT32) {
      return Float.floatToRawIntBits((float) bits);
    }
    if (from == ColumnType.UINT32 && to == ColumnType.FLOAT64) {
      return Double.doubleToRawLongBits((double) bits); // exact
    }
    if (isFloat(from) || isFloat(to)) {
      throw new IllegalArgumentException("%s to %s".formatted(from, to));
    }
    long number = from == ColumnType.INT32 ? signed(bits) : bits;
    return to.bytes() == 8 ? number : number & ((1L << (8 * to.bytes())) - 1);
  }

  private static long signed(long bits) {
    return (int) bits;
  }

  private static boolean isFloat(ColumnType type) {
    return type == ColumnType.FLOAT32 || type == ColumnType.FLOAT64;
  }
}
