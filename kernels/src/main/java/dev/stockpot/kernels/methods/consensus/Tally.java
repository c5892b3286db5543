package dev.stockpot.kernels.methods.consensus;

import dev.stockpot.kernels.statistic.Statistic;
import java.util.Arrays;

/** Several exact counts over a run of elements. */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Tally(long[] counts) implements Statistic {
  @Override
  public Tally plus(Statistic next) {
    if (!(next instanceof Tally more) || more.counts.length != counts.length) {
      throw new IllegalArgumentException("%s after %s counts".formatted(next, counts.length));
    }
    long[] sums = counts.clone();
    Arrays.setAll(sums, i -> counts[i] + more.counts[i]);
    return new Tally(sums);
  }
}
