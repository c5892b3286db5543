package dev.stockpot.kernels.rapids;

import static dev.stockpot.kernels.rapids.BinaryOperation.ADD;
import static dev.stockpot.kernels.rapids.BinaryOperation.DIVIDE;
import static dev.stockpot.kernels.rapids.BinaryOperation.LESS;
import static dev.stockpot.kernels.rapids.BinaryOperation.MULTIPLY;
import static dev.stockpot.kernels.rapids.BinaryOperation.SHIFT_LEFT;
import static dev.stockpot.kernels.rapids.BinaryOperation.SHIFT_RIGHT;
import static dev.stockpot.kernels.rapids.BinaryOperation.SUBTRACT;
import static dev.stockpot.kernels.rapids.ColumnType.FLOAT64;
import static dev.stockpot.kernels.rapids.ColumnType.UINT64;

import dev.stockpot.kernels.number.Elementary;

/** {@link Elementary} on columns, by the same steps. */
final class ElementaryColumns {
  private static final double[] OF_EXP = {
    Elementary.E11,
    Elementary.E10,
    Elementary.E9,
    Elementary.E8,
    Elementary.E7,
    Elementary.E6,
    Elementary.E5,
    Elementary.E4,
    Elementary.E3,
    Elementary.E2,
    1,
    1
  };
  private static final double[] OF_LOG = {
    Elementary.L17,
    Elementary.L15,
    Elementary.L13,
    Elementary.L11,
    Elementary.L9,
    Elementary.L7,
    Elementary.L5,
    Elementary.L3,
    2
  };
  private static final Literal LN2_HIGH = Literal.float64(Elementary.LN2_HIGH);
  private static final Literal LN2_LOW = Literal.float64(Elementary.LN2_LOW);
  private static final Literal ONE = Literal.uint64(Double.doubleToRawLongBits(1));
  private static final Literal MANTISSA_BITS = Literal.uint64(Elementary.MANTISSA_BITS);

  private ElementaryColumns() {}

  /** e to powers that are not above zero; NaN stays. Takes over the column. */
  static Column exp(Scratch s, Column powers) {
    Literal least = Literal.float64(Elementary.LEAST_POWER);
    Column x = s.select(s.is(LESS, powers, least), least, powers);
    s.drop(powers);
    Column scaled = s.binary(MULTIPLY, x, Literal.float64(Elementary.LOG2_E), FLOAT64);
    Column rounded = s.binary(ADD, scaled, Literal.float64(Elementary.ROUNDER), FLOAT64);
    s.drop(scaled);
    Column whole = s.binary(SUBTRACT, rounded, Literal.float64(Elementary.ROUNDER), FLOAT64);
    Column r = lessTimes(s, lessTimes(s, x, whole, LN2_HIGH), whole, LN2_LOW);
    s.drop(whole);
    Column sum = polynomial(s, r, OF_EXP);
    s.drop(r);
    Column power = powerOfTwo(s, rounded);
    Column exponential = s.binary(MULTIPLY, sum, power, FLOAT64); // exact, and NaN stays
    s.drop(sum);
    s.drop(power);
    return exponential;
  }

  /** 2 to the whole number in the lowest bits. Takes over the column. */
  private static Column powerOfTwo(Scratch s, Column rounded) {
    Column exponents = s.binary(SHIFT_LEFT, s.bits(rounded, UINT64), MANTISSA_BITS, UINT64);
    s.drop(rounded);
    Column bits = s.binary(ADD, exponents, ONE, UINT64);
    s.drop(exponents);
    return s.retyped(bits, FLOAT64);
  }

  /** {@code a - whole * factor}. Takes over {@code a}. */
  private static Column lessTimes(Scratch s, Column a, Column whole, Literal factor) {
    Column product = s.binary(MULTIPLY, whole, factor, FLOAT64);
    Column less = s.binary(SUBTRACT, a, product, FLOAT64);
    s.drop(product);
    s.drop(a);
    return less;
  }

  /** {@code ((c₀ x + c₁) x + c₂) x + …}. */
  private static Column polynomial(Scratch s, Column x, double... coefficients) {
    Column product = s.binary(MULTIPLY, x, Literal.float64(coefficients[0]), FLOAT64);
    Column sum = s.binary(ADD, product, Literal.float64(coefficients[1]), FLOAT64);
    s.drop(product);
    for (int i = 2; i < coefficients.length; i++) {
      product = s.binary(MULTIPLY, sum, x, FLOAT64);
      s.drop(sum);
      sum = s.binary(ADD, product, Literal.float64(coefficients[i]), FLOAT64);
      s.drop(product);
    }
    return sum;
  }

  /** Natural logarithms of positive numbers that are neither subnormal nor infinite. Takes over. */
  static Column log(Scratch s, Column numbers) {
    Column bits = s.bits(numbers, UINT64);
    Column offset = s.binary(ADD, bits, Literal.uint64(Elementary.LOG_OFFSET_BITS), UINT64);
    Column exponents = s.binary(SHIFT_RIGHT, offset, MANTISSA_BITS, UINT64);
    s.drop(offset);
    Column mantissas = mantissas(s, bits, exponents);
    s.drop(bits);
    s.drop(numbers);
    Column f = s.binary(SUBTRACT, s.bits(mantissas, FLOAT64), Literal.float64(1), FLOAT64);
    s.drop(mantissas);
    Column divisor = s.binary(ADD, f, Literal.float64(2), FLOAT64);
    Column quotient = s.binary(DIVIDE, f, divisor, FLOAT64);
    s.drop(f);
    s.drop(divisor);
    Column square = s.binary(MULTIPLY, quotient, quotient, FLOAT64);
    Column sum = polynomial(s, square, OF_LOG);
    s.drop(square);
    Column ofMantissa = s.binary(MULTIPLY, quotient, sum, FLOAT64);
    s.drop(quotient);
    s.drop(sum);
    return plusExponent(s, ofMantissa, exponents);
  }

  /** From √½ to √2. */
  private static Column mantissas(Scratch s, Column bits, Column exponents) {
    Column upper = s.binary(SHIFT_LEFT, exponents, MANTISSA_BITS, UINT64);
    Literal more = Literal.uint64(Elementary.EXPONENT_OFFSET_BITS);
    Column raised = s.binary(ADD, bits, more, UINT64);
    Column mantissas = s.binary(SUBTRACT, raised, upper, UINT64);
    s.drop(upper);
    s.drop(raised);
    return mantissas;
  }

  private static Column plusExponent(Scratch s, Column ofMantissa, Column exponents) {
    Column bits = s.binary(ADD, exponents, Literal.uint64(Elementary.WHOLE_BITS), UINT64);
    s.drop(exponents);
    Literal offset = Literal.float64(Elementary.WHOLE_OFFSET);
    Column whole = s.binary(SUBTRACT, s.bits(bits, FLOAT64), offset, FLOAT64);
    s.drop(bits);
    Column low = s.binary(MULTIPLY, whole, LN2_LOW, FLOAT64);
    Column rest = s.binary(ADD, ofMantissa, low, FLOAT64);
    s.drop(ofMantissa);
    s.drop(low);
    Column high = s.binary(MULTIPLY, whole, LN2_HIGH, FLOAT64);
    s.drop(whole);
    Column logarithms = s.binary(ADD, high, rest, FLOAT64);
    s.drop(high);
    s.drop(rest);
    return logarithms;
  }
}
