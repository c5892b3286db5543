package dev.stockpot.kernels.statistic;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Counters for magnitudes within a range, one for each bit pattern, and one for all magnitudes
 * above it. Where it is known about where an order statistic lies, one look with this finds it.
 */
public final class MagnitudeRange {
  /** Most bit patterns of a range: the width of 32 bins of {@link MagnitudeCounts}. */
  public static final int MOST = 32 * MagnitudeCounts.BINS;

  /** Most magnitudes that are noted as they come. */
  private static final int MOST_NOTED = 1 << 11;

  /** Differences of 16-bit numbers fill few patterns of a wide range, so counters come in pages. */
  private static final int PAGE_BITS = 12;

  private final int low;
  private final int width;
  private final int[][] pages;
  private final int[] noted = new int[MOST_NOTED];
  private int distinct;
  private long above;

  /**
   * Counters at zero.
   *
   * @param low {@link MagnitudeCounts#bits} of the smallest magnitude in the range
   * @param high bits of the smallest magnitude above the range
   * @throws IllegalArgumentException if the range is empty or has more than {@link #MOST} patterns
   */
  public MagnitudeRange(int low, int high) {
    if (low < 0 || high <= low || high - low > MOST) {
      throw new IllegalArgumentException("range from %s to %s".formatted(low, high));
    }
    this.low = low;
    this.width = high - low;
    this.pages = new int[((width - 1) >>> PAGE_BITS) + 1][];
  }

  public int low() {
    return low;
  }

  public int high() {
    return low + width;
  }

  /** How many magnitudes are above the range. */
  public long above() {
    return above;
  }

  /** Counts so many elements above the range. */
  public void addAbove(int elements) {
    above += elements;
  }

  /** Counts one element in the range, so many bit patterns from its low end. */
  public void add(int place) {
    add(place, 1);
  }

  /** Counts so many elements of one magnitude in the range, at least one. */
  public void add(int place, int elements) {
    int[] page = pages[place >>> PAGE_BITS];
    if (page == null) {
      page = new int[1 << PAGE_BITS];
      pages[place >>> PAGE_BITS] = page;
    }
    int inPage = place & (1 << PAGE_BITS) - 1;
    if (page[inPage] == 0) {
      if (distinct < MOST_NOTED) {
        noted[distinct] = place;
      }
      distinct++;
    }
    page[inPage] += elements;
  }

  /** Counts one element. */
  public void count(float value) {
    int place = MagnitudeCounts.bits(value) - low;
    if (place >= width) {
      above++;
    } else if (place >= 0) {
      add(place);
    }
  }

  /** Which places in the range were counted, ascending. Fast if they are few. */
  public int[] places() {
    if (distinct > MOST_NOTED) {
      return IntStream.range(0, width).filter(place -> countAt(place) > 0).toArray();
    }
    int[] places = Arrays.copyOf(noted, distinct);
    Arrays.sort(places);
    return places;
  }

  /** How many elements there were at a place. One slice has fewer than 2³¹ elements. */
  public int countAt(int place) {
    int[] page = pages[place >>> PAGE_BITS];
    return page == null ? 0 : page[place & (1 << PAGE_BITS) - 1];
  }
}
