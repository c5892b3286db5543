package dev.stockpot.kernels.number;

/** The upper half of a float32: {@code s eeeeeeee mmmmmmm}. */
public final class Bfloat16 {
  public static final short NAN = (short) 0x7FC0;

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
}
