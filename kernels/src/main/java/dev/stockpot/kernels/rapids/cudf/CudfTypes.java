package dev.stockpot.kernels.rapids.cudf;

import ai.rapids.cudf.BinaryOp;
import ai.rapids.cudf.DType;
import ai.rapids.cudf.Scalar;
import dev.stockpot.kernels.rapids.BinaryOperation;
import dev.stockpot.kernels.rapids.ColumnType;
import dev.stockpot.kernels.rapids.Literal;

/** What types, numbers and operations are called in cudf. */
final class CudfTypes {
  private CudfTypes() {}

  static DType of(ColumnType type) {
    return switch (type) {
      case BOOL8 -> DType.BOOL8;
      case UINT8 -> DType.UINT8;
      case UINT16 -> DType.UINT16;
      case INT32 -> DType.INT32;
      case UINT32 -> DType.UINT32;
      case INT64 -> DType.INT64;
      case UINT64 -> DType.UINT64;
      case FLOAT32 -> DType.FLOAT32;
      case FLOAT64 -> DType.FLOAT64;
    };
  }

  static BinaryOp of(BinaryOperation operation) {
    return switch (operation) {
      case ADD -> BinaryOp.ADD;
      case SUBTRACT -> BinaryOp.SUB;
      case MULTIPLY -> BinaryOp.MUL;
      case DIVIDE -> BinaryOp.DIV;
      case SHIFT_LEFT -> BinaryOp.SHIFT_LEFT;
      case SHIFT_RIGHT -> BinaryOp.SHIFT_RIGHT;
      case AND -> BinaryOp.BITWISE_AND;
      case OR -> BinaryOp.BITWISE_OR;
      case XOR -> BinaryOp.BITWISE_XOR;
      case EQUAL -> BinaryOp.EQUAL;
      case NOT_EQUAL -> BinaryOp.NOT_EQUAL;
      case LESS -> BinaryOp.LESS;
      case LESS_OR_EQUAL -> BinaryOp.LESS_EQUAL;
      case GREATER -> BinaryOp.GREATER;
      case GREATER_OR_EQUAL -> BinaryOp.GREATER_EQUAL;
    };
  }

  static Scalar scalar(Literal literal) {
    long bits = literal.bits();
    return switch (literal.type()) {
      case BOOL8 -> Scalar.fromBool(bits != 0);
      case UINT8 -> Scalar.fromUnsignedByte((byte) bits);
      case UINT16 -> Scalar.fromUnsignedShort((short) bits);
      case INT32 -> Scalar.fromInt((int) bits);
      case UINT32 -> Scalar.fromUnsignedInt((int) bits);
      case INT64 -> Scalar.fromLong(bits);
      case UINT64 -> Scalar.fromUnsignedLong(bits);
      case FLOAT32 -> Scalar.fromFloat(Float.intBitsToFloat((int) bits));
      case FLOAT64 -> Scalar.fromDouble(Double.longBitsToDouble(bits));
    };
  }
}
