package dev.stockpot.kernels;

import static java.util.Objects.requireNonNull;

import dev.stockpot.kernels.statistic.LostUpdates;

/** Counts which changes to the base get lost, while a 16-bit output is stored. */
public final class UpdateTally {
  private final Operand base;
  private long updated;
  private long lost;

  /**
   * Nothing is counted yet.
   *
   * @param base the same elements as the output's, of any type
   */
  public UpdateTally(Operand base) {
    this.base = requireNonNull(base, "base is null");
  }

  public Operand base() {
    return base;
  }

  /** Counts a block, once. */
  public void add(int moreUpdated, int moreLost) {
    updated += moreUpdated;
    lost += moreLost;
  }

  public LostUpdates found() {
    return new LostUpdates(updated, lost);
  }
}
