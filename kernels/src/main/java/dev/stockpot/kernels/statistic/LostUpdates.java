package dev.stockpot.kernels.statistic;

import java.io.Serializable;

/**
 * What rounding left of a merge's changes to its base.
 *
 * @param updated elements whose merged value, as float32, is not the base's
 * @param lost those of them that are stored as the base's value would be
 */
public record LostUpdates(long updated, long lost) implements Serializable {
  public static final LostUpdates NONE = new LostUpdates(0, 0);

  public LostUpdates {
    if (lost < 0 || lost > updated) {
      throw new IllegalArgumentException("%s of %s updates lost".formatted(lost, updated));
    }
  }

  public LostUpdates plus(LostUpdates other) {
    return new LostUpdates(updated + other.updated, lost + other.lost);
  }
}
