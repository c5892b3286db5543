package dev.stockpot.kernels.methods.taskvector;

import dev.stockpot.kernels.statistic.MagnitudeRange;
import dev.stockpot.kernels.statistic.Statistic;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * A histogram without its empty bins: task vectors fill a few thousand of 65,536, and many slices
 * send theirs to the driver.
 *
 * @param bins the bins that are not empty, ascending
 * @param counts how many elements each of those has
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Counts(int[] bins, long[] counts) implements Statistic {

  /** The place of a rank. */
  public record Rank(int bin, long count, long above) {}

  public static Counts of(int[] histogram) {
    int[] bins = IntStream.range(0, histogram.length).filter(bin -> histogram[bin] != 0).toArray();
    return new Counts(bins, Arrays.stream(bins).mapToLong(bin -> histogram[bin]).toArray());
  }

  /** What is in the range; bins are places in it. */
  public static Counts of(MagnitudeRange range) {
    int[] places = range.places();
    return new Counts(places, Arrays.stream(places).mapToLong(range::countAt).toArray());
  }

  @Override
  public Counts plus(Statistic next) {
    if (!(next instanceof Counts more)) {
      throw new IllegalArgumentException("%s after counts".formatted(next));
    }
    int[] unions = new int[bins.length + more.bins.length];
    long[] sums = new long[unions.length];
    int filled = 0;
    int i = 0;
    int j = 0;
    while (i < bins.length || j < more.bins.length) {
      int mine = i < bins.length ? bins[i] : Integer.MAX_VALUE;
      int theirs = j < more.bins.length ? more.bins[j] : Integer.MAX_VALUE;
      unions[filled] = Math.min(mine, theirs);
      sums[filled] = (mine <= theirs ? counts[i++] : 0) + (theirs <= mine ? more.counts[j++] : 0);
      filled++;
    }
    return new Counts(Arrays.copyOf(unions, filled), Arrays.copyOf(sums, filled));
  }

  /** How many elements a bin has. */
  public long count(int bin) {
    int place = Arrays.binarySearch(bins, bin);
    return place < 0 ? 0 : counts[place];
  }

  public long total() {
    return Arrays.stream(counts).sum();
  }

  /**
   * The bin that holds the {@code rank}-th element counted from the highest bin down.
   *
   * @param rank from 1 to the number of elements
   */
  public Rank fromTop(long rank) {
    long above = 0;
    for (int i = bins.length - 1; i >= 0; i--) {
      if (above + counts[i] >= rank) {
        return new Rank(bins[i], counts[i], above);
      }
      above += counts[i];
    }
    throw new IllegalArgumentException("rank %s of %s elements".formatted(rank, above));
  }
}
