package dev.stockpot.kernels.number;

/**
 * Exponential and logarithm in float64 as multiplications, additions and a quotient in one order,
 * so that providers that take the same steps give equal bits on every machine. Relative errors are
 * below 1e-13, far less than float32 results show. There are no branches, so that lanes and columns
 * can follow.
 */
public final class Elementary {
  /** Below this an exponential is as good as zero, and its exponent would leave the format. */
  public static final double LEAST_POWER = -700;

  public static final double LOG2_E = 1.4426950408889634;

  /** Added and taken away again, it rounds to a whole number, and holds it in its lowest bits. */
  public static final double ROUNDER = 0x1.8p52;

  /** ln 2 in two parts; a whole number below 2²¹ times the first is exact. */
  public static final double LN2_HIGH = 0x1.62e42feep-1;

  public static final double LN2_LOW = 1.9082149292705877e-10;

  public static final int MANTISSA_BITS = 52;

  /** Added to an exponent, it keeps it above zero, so that it can be shifted unsigned. */
  public static final long EXPONENT_OFFSET = 1024;

  public static final long EXPONENT_OFFSET_BITS = EXPONENT_OFFSET << MANTISSA_BITS;

  /** As {@link #EXPONENT_OFFSET_BITS}, for mantissas from √½ to √2: as near to 1 as they can be. */
  public static final long LOG_OFFSET_BITS = EXPONENT_OFFSET_BITS - 0x3FE6A09E667F3BCDL;

  /** With a whole number below 2⁵² in its lowest bits, it is 2⁵² and that number. */
  public static final long WHOLE_BITS = 0x4330000000000000L;

  /** What {@link #WHOLE_BITS} and {@link #EXPONENT_OFFSET} add to an exponent. */
  public static final double WHOLE_OFFSET = 0x1p52 + EXPONENT_OFFSET;

  // 1 / n!, the series of the exponential
  public static final double E2 = 1.0 / 2;
  public static final double E3 = 1.0 / 6;
  public static final double E4 = 1.0 / 24;
  public static final double E5 = 1.0 / 120;
  public static final double E6 = 1.0 / 720;
  public static final double E7 = 1.0 / 5_040;
  public static final double E8 = 1.0 / 40_320;
  public static final double E9 = 1.0 / 362_880;
  public static final double E10 = 1.0 / 3_628_800;
  public static final double E11 = 1.0 / 39_916_800;

  // 2 / n, the series of log((1 + s) / (1 - s))
  public static final double L3 = 2.0 / 3;
  public static final double L5 = 2.0 / 5;
  public static final double L7 = 2.0 / 7;
  public static final double L9 = 2.0 / 9;
  public static final double L11 = 2.0 / 11;
  public static final double L13 = 2.0 / 13;
  public static final double L15 = 2.0 / 15;
  public static final double L17 = 2.0 / 17;

  private Elementary() {}

  /** e to a power that is not above zero. */
  public static double exp(double power) {
    double x = Math.max(power, LEAST_POWER);
    double rounded = x * LOG2_E + ROUNDER;
    double whole = rounded - ROUNDER;
    double r = (x - whole * LN2_HIGH) - whole * LN2_LOW;
    double sum = r * E11 + E10;
    sum = sum * r + E9;
    sum = sum * r + E8;
    sum = sum * r + E7;
    sum = sum * r + E6;
    sum = sum * r + E5;
    sum = sum * r + E4;
    sum = sum * r + E3;
    sum = sum * r + E2;
    sum = (sum * r + 1) * r + 1;
    long exponent = Double.doubleToRawLongBits(rounded) << MANTISSA_BITS;
    return Double.longBitsToDouble(Double.doubleToRawLongBits(sum) + exponent);
  }

  /** The natural logarithm of a positive number that is neither subnormal nor infinite. */
  public static double log(double number) {
    long bits = Double.doubleToRawLongBits(number);
    long exponent = (bits + LOG_OFFSET_BITS) >>> MANTISSA_BITS;
    double whole = Double.longBitsToDouble(WHOLE_BITS + exponent) - WHOLE_OFFSET;
    long mantissa = bits + EXPONENT_OFFSET_BITS - (exponent << MANTISSA_BITS);
    double f = Double.longBitsToDouble(mantissa) - 1;
    double s = f / (f + 2);
    double square = s * s;
    double sum = square * L17 + L15;
    sum = sum * square + L13;
    sum = sum * square + L11;
    sum = sum * square + L9;
    sum = sum * square + L7;
    sum = sum * square + L5;
    sum = sum * square + L3;
    sum = sum * square + 2;
    return whole * LN2_HIGH + (s * sum + whole * LN2_LOW);
  }
}
