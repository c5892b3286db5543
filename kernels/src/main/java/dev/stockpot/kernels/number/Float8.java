package dev.stockpot.kernels.number;

/**
 * The two 8-bit formats of neural networks. Kernels widen them; E4M3 is written as codes that have
 * scales. BF16 and F16 hold each of their numbers exactly.
 *
 * @see <a href="https://arxiv.org/abs/2209.05433">FP8 Formats for Deep Learning</a>
 */
public final class Float8 {
  /** The largest number of E4M3. */
  public static final float MOST_E4M3 = 448;

  private static final float LEAST_NORMAL_E4M3 = 1f / 64;

  private static final float[] E4M3 = table(3, 7);
  private static final float[] E5M2 = table(2, 15);

  static {
    // E4M3 gives the highest exponent to numbers: it has no infinity and one NaN of each sign
    E4M3[0x7F] = Float.NaN;
    E4M3[0xFF] = Float.NaN;
    for (int bits = 0x7C; bits <= 0x7F; bits++) {
      E5M2[bits] = bits == 0x7C ? Float.POSITIVE_INFINITY : Float.NaN;
      E5M2[bits | 0x80] = bits == 0x7C ? Float.NEGATIVE_INFINITY : Float.NaN;
    }
  }

  private Float8() {}

  /** {@code s eeee mmm}, biased by 7: from 2⁻⁹ to 448. */
  public static float e4m3ToFloat(byte bits) {
    return E4M3[bits & 0xFF];
  }

  /**
   * The nearest number of E4M3, that with an even code of two. What is too large becomes the
   * largest, infinity too.
   */
  public static byte toE4m3(float value) {
    int sign = Float.floatToRawIntBits(value) >>> 24 & 0x80;
    float size = Math.abs(value);
    if (Float.isNaN(value)) {
      return (byte) (sign | 0x7F);
    }
    if (size >= MOST_E4M3) {
      return (byte) (sign | 0x7E);
    }
    if (size < LEAST_NORMAL_E4M3) { // steps of 2^-9; the eighth is the least normal number
      return (byte) (sign | (int) Math.rint(size * 512.0));
    }
    // the exponent and three bits, the others rounded: a carry goes on into the exponent
    int bits = Float.floatToRawIntBits(size);
    int rounded = bits + 0x7FFFF + (bits >>> 20 & 1);
    return (byte) (sign | (rounded >>> 20) - (120 << 3));
  }

  /** {@code s eeeee mm}, biased by 15, the upper half of a float16: from 2⁻¹⁶ to 57,344. */
  public static float e5m2ToFloat(byte bits) {
    return E5M2[bits & 0xFF];
  }

  /** What each pattern would be if all of them were numbers. */
  private static float[] table(int mantissaBits, int bias) {
    float[] numbers = new float[256];
    int implicit = 1 << mantissaBits;
    for (int bits = 0; bits < 256; bits++) {
      int exponent = (bits & 0x7F) >> mantissaBits;
      int mantissa = bits & (implicit - 1);
      float magnitude =
          exponent == 0
              ? Math.scalb((float) mantissa, 1 - bias - mantissaBits)
              : Math.scalb((float) (implicit | mantissa), exponent - bias - mantissaBits);
      numbers[bits] = bits < 0x80 ? magnitude : -magnitude;
    }
    return numbers;
  }
}
