package dev.stockpot.kernels.methods.taskvector;

import dev.stockpot.kernels.statistic.Statistic;

/**
 * A histogram of the magnitudes in a range.
 *
 * @param above how many elements are above the range
 * @param within of the elements in the range, bins counted from its low end
 */
record RangeCounts(long above, Counts within) implements Statistic {
  @Override
  public RangeCounts plus(Statistic next) {
    if (!(next instanceof RangeCounts more)) {
      throw new IllegalArgumentException("%s after counts of a range".formatted(next));
    }
    return new RangeCounts(above + more.above, within.plus(more.within));
  }
}
