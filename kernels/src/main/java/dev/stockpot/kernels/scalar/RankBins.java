package dev.stockpot.kernels.scalar;

import java.util.Arrays;

/** Between which ranks the magnitudes of a row are, and what draws those ranks ask for. */
final class RankBins {
  /** Bins share the exponent and seven bits of the mantissa, as many as bfloat16 has. */
  private static final int SHIFT = 16;

  /** Sixteen powers of two below the largest; whatever is smaller still is in the lowest bin. */
  private static final int BINS = 16 << 7;

  private final int[] sizes = new int[BINS];
  private final int[] nextRanks = new int[BINS];
  private final int[] samples = new int[BINS];
  private final int[] differences = new int[BINS];
  private final boolean[] unsettled = new boolean[BINS];

  // draws below these keep all of a bin, or the largest; as draws, in the order of signed numbers
  private final int[] keptBelow = new int[BINS];
  private final int[] perhapsBelow = new int[BINS];

  private int lowest;

  /**
   * Counts the elements of a row.
   *
   * @param bits of their magnitudes
   * @param limits for each rank, what a draw that keeps its element is below
   */
  void fill(int[] bits, int count, int[] limits) {
    Arrays.fill(sizes, 0);
    Arrays.fill(differences, 0);
    Arrays.fill(unsettled, false);
    int most = 0;
    for (int i = 0; i < count; i++) {
      most = Math.max(most, bits[i]);
    }
    lowest = Math.max(0, (most >>> SHIFT) - (BINS - 1));
    for (int i = 0; i < count; i++) {
      int bin = bin(bits[i]);
      if (sizes[bin]++ == 0) {
        samples[bin] = bits[i];
      }
      differences[bin] |= bits[i] ^ samples[bin];
    }
    int rank = 0;
    for (int bin = 0; bin < BINS; bin++) {
      nextRanks[bin] = rank;
      if (sizes[bin] > 0) {
        keptBelow[bin] = limits[rank];
        rank += sizes[bin];
        perhapsBelow[bin] = limits[rank - 1];
      }
    }
  }

  int bin(int bits) {
    return Math.max(0, (bits >>> SHIFT) - lowest);
  }

  /** The rank of the bin's next element in the order of places, if all of them are equal. */
  int nextRank(int bin) {
    return nextRanks[bin]++;
  }

  /** The lowest rank in the bin, once every element of it was asked for {@link #nextRank}. */
  int firstRank(int bin) {
    return nextRanks[bin] - sizes[bin];
  }

  boolean areEqual(int bin) {
    return differences[bin] == 0;
  }

  /** All ones if such a draw keeps every element of the bin, else zero. */
  int allKept(int bin, int draw) {
    return below(draw, keptBelow[bin]);
  }

  /** All ones if such a draw keeps the largest element of the bin, else zero. */
  int someKept(int bin, int draw) {
    return below(draw, perhapsBelow[bin]);
  }

  private static int below(int draw, int limit) {
    return (int) (((long) draw - limit) >> 63);
  }

  void unsettle(int bin) {
    unsettled[bin] = true;
  }

  boolean isUnsettled(int bin) {
    return unsettled[bin];
  }
}
