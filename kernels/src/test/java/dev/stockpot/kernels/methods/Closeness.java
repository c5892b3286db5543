package dev.stockpot.kernels.methods;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;

/** Compares merged tensors. */
public final class Closeness {
  private Closeness() {}

  /** Float32 against float64: a few roundings of what is summed. */
  public static void assertClose(float[] merged, double[] expected) {
    assertThat(merged).hasSameSizeAs(expected);
    for (int e = 0; e < merged.length; e++) {
      double tolerance = 1e-6 + 1e-5 * Math.abs(expected[e]);
      if (!(Math.abs(merged[e] - expected[e]) <= tolerance)) {
        assertThat((double) merged[e]).as("element %s", e).isEqualTo(expected[e]);
      }
    }
  }

  public static void assertSameBits(float[] merged, float[] expected) {
    assertThat(merged).hasSameSizeAs(expected);
    int[] bits = bits(merged);
    int[] expectedBits = bits(expected);
    int e = Arrays.mismatch(bits, expectedBits);
    if (e >= 0) {
      assertThat(merged[e]).as("element %s of %s", e, bits.length).isEqualTo(expected[e]);
      assertThat(bits[e]).as("bits of element %s", e).isEqualTo(expectedBits[e]); // zeros' signs
    }
  }

  private static int[] bits(float[] values) {
    int[] bits = new int[values.length];
    for (int e = 0; e < bits.length; e++) {
      bits[e] = Float.floatToRawIntBits(values[e]);
    }
    return bits;
  }
}
