package dev.stockpot.kernels.random;

import static java.util.Objects.requireNonNull;

import java.io.Serializable;
import java.util.Arrays;

/**
 * Numbers for a tensor that is made of no other: a pure function of the element's index, the same
 * whoever computes them and in whatever order.
 */
public sealed interface Numbers extends Serializable {
  /** Those of consecutive elements. */
  void fill(long firstElement, float[] into);

  /** The same number everywhere. */
  static Numbers all(float number) {
    return new Constant(number);
  }

  /**
   * Numbers that are equally likely from {@code -bound} to below {@code bound}.
   *
   * @param tensor its name: each tensor has draws of its own
   */
  static Numbers uniform(long seed, String tensor, float bound) {
    return new Uniform(RandomStream.of(seed, RandomStream.OUTPUT, tensor), bound);
  }

  /** Zeros, for example. */
  record Constant(float number) implements Numbers {
    @Override
    public void fill(long firstElement, float[] into) {
      Arrays.fill(into, number);
    }
  }

  /**
   * Numbers by draws.
   *
   * @param bound that none reaches
   */
  record Uniform(RandomStream draws, float bound) implements Numbers {
    private static final float UNIT = 0x1p-23f;

    public Uniform {
      requireNonNull(draws, "draws is null");
      if (!(bound > 0) || Float.isInfinite(bound)) {
        throw new IllegalArgumentException("bound is %s, must be above 0".formatted(bound));
      }
    }

    @Override
    public void fill(long firstElement, float[] into) {
      int[] drawn = new int[into.length];
      draws.draw(firstElement, into.length, drawn);
      for (int i = 0; i < into.length; i++) {
        // the upper 24 bits, as a number from -1 to below 1: exact in float32
        into[i] = ((drawn[i] >> 8) * UNIT) * bound;
      }
    }
  }
}
