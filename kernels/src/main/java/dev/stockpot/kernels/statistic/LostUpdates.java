package dev.stockpot.kernels.statistic;

import static java.util.Objects.requireNonNull;

import java.io.Serializable;

/**
 * What rounding left of a merge's changes to its base.
 *
 * @param updated elements whose merged value, as float32, is not the base's
 * @param lost those of them that are stored as the base's value would be
 * @param lengths of the changes and of what rounding adds, where the type is so coarse that they
 *     are measured
 */
public record LostUpdates(long updated, long lost, UpdateLengths lengths) implements Serializable {
  public static final LostUpdates NONE = new LostUpdates(0, 0);

  /** Updates of which nobody measured how long they are. */
  public LostUpdates(long updated, long lost) {
    this(updated, lost, UpdateLengths.NONE);
  }

  public LostUpdates {
    requireNonNull(lengths, "lengths are null");
    if (lost < 0 || lost > updated) {
      throw new IllegalArgumentException("%s of %s updates lost".formatted(lost, updated));
    }
  }

  public LostUpdates plus(LostUpdates other) {
    return new LostUpdates(updated + other.updated, lost + other.lost, lengths.plus(other.lengths));
  }
}
