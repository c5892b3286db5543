package dev.stockpot.kernels.rapids;

import static dev.stockpot.kernels.rapids.BinaryOperation.ADD;
import static dev.stockpot.kernels.rapids.BinaryOperation.AND;
import static dev.stockpot.kernels.rapids.BinaryOperation.GREATER;
import static dev.stockpot.kernels.rapids.BinaryOperation.LESS;
import static dev.stockpot.kernels.rapids.BinaryOperation.MULTIPLY;
import static dev.stockpot.kernels.rapids.BinaryOperation.OR;
import static dev.stockpot.kernels.rapids.BinaryOperation.SHIFT_LEFT;
import static dev.stockpot.kernels.rapids.BinaryOperation.SHIFT_RIGHT;
import static dev.stockpot.kernels.rapids.BinaryOperation.SUBTRACT;
import static dev.stockpot.kernels.rapids.ColumnType.FLOAT32;
import static dev.stockpot.kernels.rapids.ColumnType.UINT16;
import static dev.stockpot.kernels.rapids.ColumnType.UINT32;
import static dev.stockpot.kernels.rapids.ColumnType.UINT64;

import dev.stockpot.kernels.number.Bfloat16;
import dev.stockpot.kernels.number.Float16;

/**
 * Rounds float32 to the bits of 16-bit floats, by the steps of {@link Bfloat16} and {@link
 * Float16}. Bits are unsigned integers, which wrap where they overflow.
 */
final class Narrowing {
  private static final int MAGNITUDE = 0x7FFFFFFF;
  private static final int EXPONENT = 0x7F800000;
  private static final int MANTISSA_BITS = 23;
  private static final int IMPLICIT = 1 << MANTISSA_BITS;
  private static final int LEAST_EXPONENT = Float16.LEAST_EXPONENT_BITS >>> MANTISSA_BITS;
  private static final int SIGN_OF_16 = 0x8000;
  private static final Literal COARSE_AS_BFLOAT16 = Literal.float64(0x1p39);

  private Narrowing() {}

  /**
   * The bits, taken as an integer, are rounded to a multiple of 2¹⁶ by rounding to float32 their
   * sum with 2³⁹, next to which float32 is that coarse. The multiple is then in its lowest bits.
   */
  static Column toBfloat16(Scratch s, Column x) {
    Column rounded = s.binary(ADD, s.bits(x, UINT32), COARSE_AS_BFLOAT16, FLOAT32);
    Column upper = s.cast(s.bits(rounded, UINT32), UINT16);
    s.drop(rounded);
    return s.select(s.isNan(x), Literal.uint16(Bfloat16.NAN), upper);
  }

  static Column toFloat16(Scratch s, Column x) {
    Column bits = s.bits(x, UINT32);
    Column magnitude = limited(s, s.binary(AND, bits, Literal.uint32(MAGNITUDE), UINT32));
    Column exponent = s.binary(AND, magnitude, Literal.uint32(EXPONENT), UINT32);
    Column small = s.is(LESS, exponent, Literal.uint32(Float16.LEAST_EXPONENT_BITS));
    Column step = s.select(small, Literal.uint32(Float16.LEAST_EXPONENT_BITS), exponent);
    s.drop(exponent);
    s.drop(small);
    Column rounder = s.binary(ADD, step, Literal.uint32(Float16.LOST_BITS << 23), UINT32);
    s.drop(step);
    Column added = s.binary(ADD, s.bits(magnitude, FLOAT32), s.bits(rounder, FLOAT32), FLOAT32);
    s.drop(magnitude);
    Column rounded = s.binary(SUBTRACT, added, s.bits(rounder, FLOAT32), FLOAT32);
    s.drop(added);
    s.drop(rounder);
    Column unbiased = s.binary(MULTIPLY, rounded, Literal.of(Float16.UNBIAS), FLOAT32);
    s.drop(rounded);
    Column half =
        s.binary(SHIFT_RIGHT, s.bits(unbiased, UINT32), Literal.uint32(Float16.LOST_BITS), UINT16);
    s.drop(unbiased);
    Column upper = s.binary(SHIFT_RIGHT, bits, Literal.uint32(16), UINT16);
    Column sign = s.binary(AND, upper, Literal.uint16(SIGN_OF_16), UINT16);
    s.drop(upper);
    Column signed = s.binary(OR, half, sign, UINT16);
    s.drop(half);
    s.drop(sign);
    return s.select(s.isNan(x), Literal.uint16(Float16.NAN), signed);
  }

  /** Magnitudes that are too large become the least of those. */
  private static Column limited(Scratch s, Column magnitude) {
    Column large = s.is(GREATER, magnitude, Literal.uint32(Float16.OVERFLOW_BITS));
    Column limited = s.select(large, Literal.uint32(Float16.OVERFLOW_BITS), magnitude);
    s.drop(magnitude);
    s.drop(large);
    return limited;
  }

  /** Rounds to a neighbour, as draws decide. */
  static Column toBfloat16(Scratch s, Column x, Column draws) {
    Column bits = s.bits(x, UINT32);
    Column share = s.binary(SHIFT_RIGHT, draws, Literal.uint32(16), UINT32);
    Column sum = s.binary(ADD, bits, share, UINT32);
    s.drop(share);
    Column rounded = s.binary(SHIFT_RIGHT, sum, Literal.uint32(16), UINT16);
    s.drop(sum);
    Column magnitude = s.binary(AND, bits, Literal.uint32(MAGNITUDE), UINT32);
    Column isLarge = s.is(GREATER, magnitude, Literal.uint32(Bfloat16.MOST_BITS));
    s.drop(magnitude);
    return s.select(isLarge, toBfloat16(s, x), rounded);
  }

  /** Rounds to a neighbour, as draws decide. */
  static Column toFloat16(Scratch s, Column x, Column draws) {
    Column bits = s.bits(x, UINT32);
    Column magnitude = s.binary(AND, bits, Literal.uint32(MAGNITUDE), UINT32);
    Column stored = s.binary(SHIFT_RIGHT, magnitude, Literal.uint32(MANTISSA_BITS), UINT32);
    Column isSubnormal = s.is(LESS, stored, Literal.uint32(1));
    Column exponent = s.select(isSubnormal, Literal.uint32(1), stored);
    s.drop(stored);
    Column isLow = s.is(LESS, exponent, Literal.uint32(LEAST_EXPONENT));
    Column highest = s.select(isLow, Literal.uint32(LEAST_EXPONENT), exponent);
    s.drop(isLow);
    Column lost = lostBits(s, highest, exponent);
    s.drop(exponent);
    Column rounded = rounded(s, mantissa(s, magnitude, isSubnormal), lost, draws);
    s.drop(lost);
    Column above = s.binary(SUBTRACT, highest, Literal.uint32(LEAST_EXPONENT), UINT32);
    s.drop(highest);
    Column base = s.binary(SHIFT_LEFT, above, Literal.uint32(10), UINT32);
    s.drop(above);
    Column half = s.binary(ADD, rounded, base, UINT16);
    s.drop(rounded);
    s.drop(base);
    Column isLarge = s.is(GREATER, magnitude, Literal.uint32(Float16.MOST_BITS));
    s.drop(magnitude);
    Column upper = s.binary(SHIFT_RIGHT, bits, Literal.uint32(16), UINT16);
    Column sign = s.binary(AND, upper, Literal.uint16(SIGN_OF_16), UINT16);
    s.drop(upper);
    Column signed = s.binary(OR, half, sign, UINT16);
    s.drop(half);
    s.drop(sign);
    return s.select(isLarge, toFloat16(s, x), signed);
  }

  /** With the bit that normal numbers do not store. Takes over the mask. */
  private static Column mantissa(Scratch s, Column magnitude, Column isSubnormal) {
    Column fraction = s.binary(AND, magnitude, Literal.uint32(IMPLICIT - 1), UINT32);
    Column whole = s.binary(OR, fraction, Literal.uint32(IMPLICIT), UINT32);
    Column mantissa = s.select(isSubnormal, fraction, whole);
    s.drop(fraction);
    s.drop(whole);
    s.drop(isSubnormal);
    return mantissa;
  }

  /** As many of the mantissa's lowest bits are below a step; of 63, all are. */
  private static Column lostBits(Scratch s, Column highest, Column exponent) {
    Column below = s.binary(SUBTRACT, highest, exponent, UINT32);
    Column lost = s.binary(ADD, below, Literal.uint32(Float16.LOST_BITS), UINT32);
    s.drop(below);
    Column isAll = s.is(GREATER, lost, Literal.uint32(63));
    Column limited = s.select(isAll, Literal.uint32(63), lost);
    s.drop(lost);
    s.drop(isAll);
    return limited;
  }

  /** Steps with 32 bits of fraction, to which the draws are added. Takes over the mantissa. */
  private static Column rounded(Scratch s, Column mantissa, Column lost, Column draws) {
    Column wide = s.cast(mantissa, UINT64);
    s.drop(mantissa);
    Column scaled = s.binary(SHIFT_LEFT, wide, Literal.uint64(32), UINT64);
    s.drop(wide);
    Column shift = s.cast(lost, UINT64);
    Column steps = s.binary(SHIFT_RIGHT, scaled, shift, UINT64);
    s.drop(scaled);
    s.drop(shift);
    Column share = s.cast(draws, UINT64);
    Column drawn = s.binary(ADD, steps, share, UINT64);
    s.drop(steps);
    s.drop(share);
    Column rounded = s.binary(SHIFT_RIGHT, drawn, Literal.uint64(32), UINT32);
    s.drop(drawn);
    return rounded;
  }
}
