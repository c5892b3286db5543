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

  /**
   * Numbers of the normal distribution around zero.
   *
   * @param tensor its name: each tensor has draws of its own
   * @param deviation the standard deviation
   */
  static Numbers normal(long seed, String tensor, float deviation) {
    return new Normal(
        RandomStream.of(seed, RandomStream.OUTPUT, tensor),
        RandomStream.of(seed, RandomStream.OUTPUT, tensor + " turned"),
        deviation);
  }

  /** A few numbers that somebody worked out: one for each element. */
  static Numbers given(float[] numbers) {
    return new Given(numbers);
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

  /**
   * Numbers of the normal distribution by Box and Muller, in float64 and rounded once. {@link
   * StrictMath} gives the same bits everywhere.
   *
   * @param radii draws of the distance from zero
   * @param turns draws of the direction
   */
  record Normal(RandomStream radii, RandomStream turns, float deviation) implements Numbers {
    private static final double UNIT = 0x1p-32;

    public Normal {
      requireNonNull(radii, "radii are null");
      requireNonNull(turns, "turns are null");
      if (!(deviation > 0) || Float.isInfinite(deviation)) {
        throw new IllegalArgumentException("deviation is %s, must be above 0".formatted(deviation));
      }
    }

    @Override
    public void fill(long firstElement, float[] into) {
      int[] radius = new int[into.length];
      int[] turn = new int[into.length];
      radii.draw(firstElement, into.length, radius);
      turns.draw(firstElement, into.length, turn);
      for (int i = 0; i < into.length; i++) {
        double share = (Integer.toUnsignedLong(radius[i]) + 0.5) * UNIT; // never 0 nor 1
        double angle = 2 * Math.PI * (Integer.toUnsignedLong(turn[i]) * UNIT);
        double drawn = StrictMath.sqrt(-2 * StrictMath.log(share)) * StrictMath.cos(angle);
        into[i] = (float) (drawn * deviation);
      }
    }
  }

  /** Numbers that somebody worked out. Two are equal if all of their numbers are. */
  final class Given implements Numbers {
    private static final long serialVersionUID = 1;

    private final float[] numbers;

    private Given(float[] numbers) {
      this.numbers = numbers.clone();
    }

    @Override
    public void fill(long firstElement, float[] into) {
      System.arraycopy(numbers, Math.toIntExact(firstElement), into, 0, into.length);
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Given given && Arrays.equals(numbers, given.numbers);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(numbers);
    }

    /** All of them: two that are written alike are alike. */
    @Override
    public String toString() {
      return Arrays.toString(numbers);
    }
  }
}
