package dev.stockpot.kernels.rapids;

import static dev.stockpot.kernels.rapids.BinaryOperation.AND;
import static dev.stockpot.kernels.rapids.BinaryOperation.EQUAL;
import static dev.stockpot.kernels.rapids.BinaryOperation.GREATER;
import static dev.stockpot.kernels.rapids.BinaryOperation.LESS;
import static dev.stockpot.kernels.rapids.BinaryOperation.OR;
import static dev.stockpot.kernels.rapids.ColumnType.FLOAT32;
import static dev.stockpot.kernels.rapids.ColumnType.UINT32;

/**
 * Smaller and larger elements as Java orders them: NaN beats all, and negative zero is below zero.
 * Comparisons of columns know neither.
 */
final class Extremes {
  private Extremes() {}

  static Column least(Scratch s, Column a, Column b) {
    return extreme(s, LESS, OR, a, b);
  }

  static Column most(Scratch s, Column a, Column b) {
    return extreme(s, GREATER, AND, a, b);
  }

  /** Of equal elements, which are zeros or the same, the bits decide; NaN wins. */
  private static Column extreme(
      Scratch s, BinaryOperation wins, BinaryOperation ofEqual, Column a, Column b) {
    Column bits = s.binary(ofEqual, s.bits(a, UINT32), s.bits(b, UINT32), UINT32);
    Column equal = s.retyped(bits, FLOAT32);
    Column chosen = s.select(s.isNan(a), a, s.select(s.is(wins, a, b), a, b));
    return s.select(s.is(EQUAL, a, b), equal, chosen);
  }

  /** The nearest number from {@code -bound} to {@code bound}; NaN stays. */
  static Column limited(Scratch s, Column a, float bound) {
    if (Float.isNaN(bound)) {
      return s.own(s.device().filled(Literal.of(bound), a.rows()));
    }
    Column isBelow = s.is(LESS, a, Literal.of(-bound));
    if (bound == 0) {
      return zeros(s, a, isBelow);
    }
    Column low = s.select(isBelow, Literal.of(-bound), a);
    return s.select(s.is(GREATER, a, Literal.of(bound)), Literal.of(bound), low);
  }

  /** What {@link #limited} makes with a bound of zero: a zero of the element's sign, or NaN. */
  private static Column zeros(Scratch s, Column a, Column isNegative) {
    Column sign = s.binary(AND, s.bits(a, UINT32), Literal.uint32(0x80000000), UINT32);
    Column zero = s.select(isNegative, Literal.of(-0f), s.bits(sign, FLOAT32));
    return s.select(s.isNan(a), a, zero);
  }
}
