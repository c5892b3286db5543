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
   * Numbers that are equally likely from {@code low} to below {@code high}.
   *
   * @param tensor its name: each tensor has draws of its own
   */
  static Numbers between(long seed, String tensor, double low, double high) {
    return new Between(RandomStream.of(seed, RandomStream.OUTPUT, tensor), low, high);
  }

  /**
   * Numbers of a normal distribution.
   *
   * @param tensor its name: each tensor has draws of its own
   * @param deviation the standard deviation
   */
  static Numbers normal(long seed, String tensor, double mean, double deviation) {
    return new Normal(
        RandomStream.of(seed, RandomStream.OUTPUT, tensor),
        RandomStream.of(seed, RandomStream.OUTPUT, tensor + " angle"),
        mean,
        deviation);
  }

  /** Ones on the diagonal of a matrix of so many columns, and zeros beside it. */
  static Numbers diagonal(long columns) {
    return new Diagonal(columns);
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

  /** Draws between two bounds: 32 bits each, in float64. */
  record Between(RandomStream draws, double low, double high) implements Numbers {
    public Between {
      requireNonNull(draws, "draws is null");
      if (!(low < high) || Double.isInfinite(high - low)) {
        throw new IllegalArgumentException(
            "low is %s and high is %s, must go up".formatted(low, high));
      }
    }

    @Override
    public void fill(long firstElement, float[] into) {
      int[] drawn = new int[into.length];
      draws.draw(firstElement, into.length, drawn);
      for (int i = 0; i < into.length; i++) {
        double share = Integer.toUnsignedLong(drawn[i]) * 0x1p-32;
        into[i] = (float) (low + (high - low) * share);
        if (into[i] >= high) { // rounded up to the bound
          into[i] = Math.nextDown((float) high);
        }
      }
    }
  }

  /**
   * Draws of a normal distribution, by Box and Muller's method: the length and the angle of a point
   * in the plane are drawn, and its first coordinate is taken. {@code StrictMath} gives the same
   * bits everywhere.
   */
  record Normal(RandomStream lengths, RandomStream angles, double mean, double deviation)
      implements Numbers {
    public Normal {
      requireNonNull(lengths, "lengths is null");
      requireNonNull(angles, "angles is null");
      if (!(deviation >= 0) || Double.isInfinite(deviation) || !Double.isFinite(mean)) {
        throw new IllegalArgumentException(
            "mean is %s and deviation is %s, must be finite, the latter not below 0"
                .formatted(mean, deviation));
      }
    }

    @Override
    public void fill(long firstElement, float[] into) {
      int[] length = new int[into.length];
      int[] angle = new int[into.length];
      lengths.draw(firstElement, into.length, length);
      angles.draw(firstElement, into.length, angle);
      for (int i = 0; i < into.length; i++) {
        double share = (Integer.toUnsignedLong(length[i]) + 0.5) * 0x1p-32; // never zero
        double turn = Integer.toUnsignedLong(angle[i]) * 0x1p-32;
        double point =
            Math.sqrt(-2 * StrictMath.log(share)) * StrictMath.cos(2 * Math.PI * turn);
        into[i] = (float) (mean + deviation * point);
      }
    }
  }

  /** Ones on a diagonal. */
  record Diagonal(long columns) implements Numbers {
    public Diagonal {
      if (columns < 1) {
        throw new IllegalArgumentException("a matrix of %s columns".formatted(columns));
      }
    }

    @Override
    public void fill(long firstElement, float[] into) {
      for (int i = 0; i < into.length; i++) {
        long element = firstElement + i;
        into[i] = element / columns == element % columns ? 1 : 0;
      }
    }
  }
}
