package dev.stockpot.kernels;

import java.util.Arrays;
import java.util.Random;

/** Values to compute with. */
public final class Samples {
  private static final float[] SPECIAL = {
    0f,
    -0f,
    Float.NaN,
    Float.intBitsToFloat(0xFFC12345), // a negative NaN with a payload
    Float.POSITIVE_INFINITY,
    Float.NEGATIVE_INFINITY,
    Float.MIN_VALUE,
    -Float.MIN_VALUE,
    0x1p-127f, // subnormal as float32 and as bfloat16
    -0x1.8p-20f, // subnormal as float16
    Float.MAX_VALUE,
    -Float.MAX_VALUE,
    65_504f,
    -65_520f,
    1f,
    -1f
  };

  /** Magnitudes that many elements share. */
  private static final float[] TIED = {0.25f, 0.5f, 0.5f, 1.5f};

  private Samples() {}

  /** A normal distribution around zero. */
  public static float[] normal(int count, double deviation, long seed) {
    Random random = new Random(seed);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) (deviation * random.nextGaussian());
    }
    return values;
  }

  /** A few magnitudes of either sign, and zeros: whatever the threshold, it has many ties. */
  public static float[] tied(int count, long seed) {
    Random random = new Random(seed);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (random.nextInt(3) - 1) * TIED[random.nextInt(TIED.length)];
    }
    return values;
  }

  /** All that floats can be: ordinary, of any magnitude, with ties, and the special ones. */
  public static float[] awkward(int count, long seed) {
    Random random = new Random(seed);
    float[] tied = tied(count, seed + 1);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] =
          switch (random.nextInt(4)) {
            case 0 -> SPECIAL[random.nextInt(SPECIAL.length)];
            case 1 -> Float.intBitsToFloat(random.nextInt());
            case 2 -> (float) random.nextGaussian();
            default -> tied[i];
          };
    }
    return values;
  }

  /** The same everywhere. */
  public static float[] filled(int count, float value) {
    float[] values = new float[count];
    Arrays.fill(values, value);
    return values;
  }
}
