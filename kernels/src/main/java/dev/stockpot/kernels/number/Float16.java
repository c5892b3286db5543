package dev.stockpot.kernels.number;

/** IEEE 754 binary16: {@code s eeeee mmmmmmmmmm}. */
public final class Float16 {
  public static final short NAN = 0x7E00;

  /** Moves an exponent biased by 15 to one biased by 127. */
  public static final float REBIAS = 0x1p112f;

  /** And back; a product is faster than a quotient, and as exact. */
  public static final float UNBIAS = 0x1p-112f;

  /** The least float32 that is too large, 65536, as bits. */
  public static final int OVERFLOW_BITS = 0x47800000;

  /**
   * The exponent of the least normal number, 2⁻¹⁴, as float32 bits: below it the step stays the
   * same.
   */
  public static final int LEAST_EXPONENT_BITS = 113 << 23;

  /** Thirteen bits of the mantissa are lost: adding a number 2¹³ times larger rounds there. */
  public static final int LOST_BITS = 13;

  /** The greatest finite number, 65504, as float32 bits. */
  public static final int MOST_BITS = 0x477FE000;

  /** The least float32, 65520, as bits, that is rounded to infinity: half a step beyond that. */
  public static final int LEAST_INFINITE_BITS = 0x477FF000;

  private static final int INFINITE = 0x7C00;

  private Float16() {}

  public static float toFloat(short bits) {
    int magnitude = (bits & 0x7FFF) << LOST_BITS;
    float value =
        (bits & INFINITE) == INFINITE
            ? Float.intBitsToFloat(magnitude | 0x7F800000)
            : Float.intBitsToFloat(magnitude) * REBIAS; // exact, subnormals too
    return (bits & 0x8000) == 0 ? value : -value;
  }

  /**
   * Rounds to nearest even; beyond 65,504 by more than half a step comes infinity; every NaN
   * becomes {@link #NAN}. The same steps, without a branch, run on lanes and on GPU columns.
   */
  public static short fromFloat(float value) {
    if (Float.isNaN(value)) {
      return NAN;
    }
    int bits = Float.floatToRawIntBits(value);
    int magnitude = Math.min(bits & 0x7FFFFFFF, OVERFLOW_BITS);
    int exponent = Math.max(magnitude & 0x7F800000, LEAST_EXPONENT_BITS) + (LOST_BITS << 23);
    float rounder = Float.intBitsToFloat(exponent);
    float rounded = (Float.intBitsToFloat(magnitude) + rounder) - rounder;
    int half = Float.floatToRawIntBits(rounded * UNBIAS) >>> LOST_BITS;
    return (short) (half | ((bits >>> 16) & 0x8000));
  }

  /**
   * Rounds to one of the two neighbours, the nearer the likelier, also below the least normal
   * number; what the format has stays as it is. Beyond 65,504, where one neighbour would be
   * infinity, it rounds to the nearest.
   *
   * @param draw 32 random bits: shares of a step are told apart to 2⁻³²
   */
  public static short fromFloat(float value, int draw) {
    int bits = Float.floatToRawIntBits(value);
    int magnitude = bits & 0x7FFFFFFF;
    if (magnitude > MOST_BITS) {
      return fromFloat(value);
    }
    int exponent = Math.max(magnitude >>> 23, 1);
    long mantissa = (magnitude & 0x7FFFFF) | (magnitude >>> 23 == 0 ? 0 : 1 << 23);
    int highest = Math.max(exponent, LEAST_EXPONENT_BITS >>> 23);
    // steps with 32 bits of fraction; of numbers below all of those nothing is left
    int lost = Math.min(LOST_BITS + highest - exponent, 63);
    long steps = (((mantissa << 32) >>> lost) + Integer.toUnsignedLong(draw)) >>> 32;
    int half = (int) steps + ((highest - (LEAST_EXPONENT_BITS >>> 23)) << 10);
    return (short) (half | ((bits >>> 16) & 0x8000));
  }
}
