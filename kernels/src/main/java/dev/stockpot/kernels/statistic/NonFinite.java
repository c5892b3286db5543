package dev.stockpot.kernels.statistic;

import java.io.Serializable;

/**
 * What a merge stored that is no finite number, by where it came from, and what it could not take
 * in. Elements of the output are counted once, under the first of the three that applies.
 *
 * @param narrowed elements of which a finite number was narrowed to a type that has none as large:
 *     the result to the output's, or one of an input to float32
 * @param carried elements that are NaN or infinite in an input already
 * @param made elements that arithmetic made of finite numbers: a sum too large, or infinity less
 *     infinity somewhere in the tensor
 * @param overflowed elements of float64 inputs that float32 cannot hold, stored or not
 */
public record NonFinite(long narrowed, long carried, long made, long overflowed)
    implements Serializable {
  public static final NonFinite NONE = new NonFinite(0, 0, 0, 0);

  public NonFinite {
    if (narrowed < 0 || carried < 0 || made < 0 || overflowed < 0) {
      throw new IllegalArgumentException(
          "%s narrowed, %s carried, %s made, %s overflowed"
              .formatted(narrowed, carried, made, overflowed));
    }
  }

  /** Elements of the output that are NaN or infinite. */
  public long stored() {
    return narrowed + carried + made;
  }

  /** Without what was not taken in of inputs, which another output of the same tells. */
  public NonFinite ofOutput() {
    return new NonFinite(narrowed, carried, made, 0);
  }

  public NonFinite plus(NonFinite other) {
    return new NonFinite(
        narrowed + other.narrowed,
        carried + other.carried,
        made + other.made,
        overflowed + other.overflowed);
  }
}
