package dev.stockpot.kernels.methods.taskvector;

import dev.stockpot.kernels.statistic.Statistic;
import java.util.Arrays;

/**
 * How many elements of each reduction block equal a threshold.
 *
 * @param counts one for each reduction block, in order
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record CountsByBlock(long[] counts) implements Statistic {
  @Override
  public CountsByBlock plus(Statistic next) {
    if (!(next instanceof CountsByBlock more)) {
      throw new IllegalArgumentException("%s after ties".formatted(next));
    }
    long[] both = Arrays.copyOf(counts, counts.length + more.counts.length);
    System.arraycopy(more.counts, 0, both, counts.length, more.counts.length);
    return new CountsByBlock(both);
  }

  public long total() {
    return Arrays.stream(counts).sum();
  }

  /** How many there are before each reduction block. */
  public long[] before() {
    long[] before = new long[counts.length];
    for (int i = 1; i < counts.length; i++) {
      before[i] = before[i - 1] + counts[i - 1];
    }
    return before;
  }
}
