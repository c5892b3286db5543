package dev.stockpot.kernels.methods.matching;

import java.io.Serializable;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Which units of two models become one: each unit of either is in one of as many features as one
 * model has units, and a feature may have several of either model, or of one alone.
 */
public final class Zip implements Serializable {
  private static final long serialVersionUID = 1;

  private final int[] features;
  private final int[] sizes;

  /**
   * Units of two models that become one.
   *
   * @param features of each unit of the first model, then of each of the other
   * @throws IllegalArgumentException if a feature has no unit
   */
  Zip(int... features) {
    this.features = features.clone();
    this.sizes = new int[features.length / 2];
    for (int feature : features) {
      sizes[feature]++;
    }
    if (features.length == 0
        || features.length % 2 > 0
        || Arrays.stream(sizes).min().orElse(0) < 1) {
      throw new IllegalArgumentException(
          "%s units are no %s features".formatted(features.length, sizes.length));
    }
  }

  /** Each unit with the one that is in its place. */
  public static Zip byPlaces(int units) {
    int[] features = new int[Math.multiplyExact(2, units)];
    Arrays.setAll(features, unit -> unit % units);
    return new Zip(features);
  }

  /** Units of each model, and features of both. */
  public int units() {
    return sizes.length;
  }

  /** The feature of a unit of the first model (0) or of the other (1). */
  public int feature(int model, int unit) {
    return features[model * sizes.length + unit];
  }

  /** Units of a feature. */
  int size(int feature) {
    return sizes[feature];
  }

  /** The share of features that have units of both models. */
  public double shared() {
    boolean[] first = new boolean[sizes.length];
    boolean[] other = new boolean[sizes.length];
    for (int unit = 0; unit < sizes.length; unit++) {
      first[feature(0, unit)] = true;
      other[feature(1, unit)] = true;
    }
    double both = 0;
    for (int feature = 0; feature < sizes.length; feature++) {
      both += first[feature] && other[feature] ? 1 : 0;
    }
    return both / sizes.length;
  }

  /** All features as int32, for digests. */
  public ByteBuffer bytes() {
    ByteBuffer bytes = ByteBuffer.allocate(Math.multiplyExact(features.length, Integer.BYTES));
    bytes.asIntBuffer().put(features);
    return bytes;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Zip zip && Arrays.equals(features, zip.features);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(features);
  }

  @Override
  public String toString() {
    return "zip of %s units of two models".formatted(units());
  }
}
