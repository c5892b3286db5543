package dev.stockpot.kernels.number;

/** The upper half of a float32: {@code s eeeeeeee mmmmmmm}. */
public final class Bfloat16 {
  public static final short NAN = (short) 0x7FC0;

  /** The greatest finite number, as float32 bits. */
  public static final int MOST_BITS = 0x7F7F0000;

  /** The least float32, as bits, that is rounded to infinity: half a step beyond the greatest. */
  public static final int LEAST_INFINITE_BITS = 0x7F7F8000;

  private Bfloat16() {}

  public static float toFloat(short bits) {
    return Float.intBitsToFloat(bits << 16);
  }

  /** Rounds to nearest even; every NaN becomes {@link #NAN}. */
  public static short fromFloat(float value) {
    if (Float.isNaN(value)) {
      return NAN;
    }
    int bits = Float.floatToRawIntBits(value);
    // half of what is cut off, less one if the last kept bit is even: a tie then rounds down to it
    return (short) ((bits + 0x7FFF + ((bits >>> 16) & 1)) >>> 16);
  }

  /**
   * Rounds to one of the two neighbours, the nearer the likelier; what the format has stays as it
   * is. Beyond the greatest finite number, where one neighbour would be infinity, it rounds to the
   * nearest.
   *
   * @param draw 32 random bits, of which the upper half is used
   */
  public static short fromFloat(float value, int draw) {
    int bits = Float.floatToRawIntBits(value);
    return (bits & 0x7FFFFFFF) > MOST_BITS
        ? fromFloat(value)
        : (short) ((bits + (draw >>> 16)) >>> 16);
  }
}
