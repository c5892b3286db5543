package dev.stockpot.kernels.statistic;

/**
 * Counters over the bit patterns of magnitudes. The bits of a non-negative float32 order like the
 * number, so a radix histogram finds any order statistic exactly: first by the upper 16 bits, then,
 * among the elements of one such bin, by the lower 16.
 */
public final class MagnitudeCounts {
  /** No bin is singled out: elements are counted by their upper 16 bits. */
  public static final int ALL_BINS = -1;

  public static final int BINS = 1 << 16;

  /** Which NaN came of an operation is up to the processor, so all of them count as this one. */
  public static final int NAN = 0x7FC00000;

  private final int bin;
  private final int[] counts = new int[BINS];

  /**
   * Counters at zero.
   *
   * @param bin the upper 16 bits of the elements to count by their lower 16, or {@link #ALL_BINS}
   */
  public MagnitudeCounts(int bin) {
    this.bin = bin;
  }

  /** The bits of a magnitude: they order as magnitudes do, NaN above infinity. */
  public static int bits(float value) {
    return Math.min(Float.floatToRawIntBits(value) & 0x7FFFFFFF, NAN);
  }

  public int bin() {
    return bin;
  }

  /** The counters, for a provider to add to in place. One slice has fewer than 2³¹ elements. */
  public int[] counts() {
    return counts;
  }

  /** Counts one element. */
  public void count(float value) {
    int magnitude = bits(value);
    if (bin == ALL_BINS) {
      counts[magnitude >>> 16]++;
    } else if (magnitude >>> 16 == bin) {
      counts[magnitude & 0xFFFF]++;
    }
  }
}
