package dev.stockpot.kernels.rapids;

/** What is computed of two elements. Comparisons give {@link ColumnType#BOOL8}. */
public enum BinaryOperation {
  ADD,
  SUBTRACT,
  MULTIPLY,
  DIVIDE,
  SHIFT_LEFT,
  /** Of unsigned numbers: zeros come in from above. */
  SHIFT_RIGHT,
  AND,
  OR,
  XOR,
  EQUAL,
  NOT_EQUAL,
  LESS,
  LESS_OR_EQUAL,
  GREATER,
  GREATER_OR_EQUAL
}
