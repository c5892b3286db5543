package dev.stockpot.kernels.random;

import java.io.Serializable;

/**
 * How numbers are rounded to 16 bits as they are stored. Types of 32 and 64 bits hold every float32
 * and round nothing.
 *
 * @param draws what decides, in stochastic rounding; each tensor has its own
 */
public record Rounding(Mode mode, RandomStream draws) implements Serializable {

  /** The ways to round. */
  public enum Mode {
    /** To the nearest number that the type has; of two equally near ones the even. */
    NEAREST,
    /**
     * To one of the two neighbours at random, the nearer the likelier: the mean over many draws is
     * the number itself.
     */
    STOCHASTIC
  }

  public static final Rounding NEAREST = new Rounding(Mode.NEAREST, new RandomStream(0));

  /** Rounding of one tensor; draws are a function of (seed, tensor name, element index). */
  public static Rounding of(Mode mode, long seed, String tensor) {
    return mode == Mode.NEAREST
        ? NEAREST
        : new Rounding(mode, RandomStream.of(seed, RandomStream.OUTPUT, tensor));
  }

  public boolean isStochastic() {
    return mode == Mode.STOCHASTIC;
  }
}
