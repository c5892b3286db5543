package dev.stockpot.kernels.scalar;

import dev.stockpot.kernels.block.Block;
import dev.stockpot.kernels.random.RankedDrop;
import dev.stockpot.kernels.statistic.MagnitudeCounts;
import java.util.HashMap;
import java.util.Map;

/**
 * Keeps elements of a row by a draw and the ranks of their magnitudes. Few ranks have to be known
 * exactly: {@link RankBins} tell between which ranks an element is, and most draws are below or
 * above what all of those ask for. Where elements of a bin are equal, their ranks follow from their
 * places; only bins for which neither is enough are sorted.
 */
final class RankedSelection {
  /** Shorter rows are sorted as they are, rather than going through all bins. */
  private static final int LEAST_TO_BIN = 512;

  private final RankBins bins = new RankBins();
  private final MagnitudeOrder order = new MagnitudeOrder();
  private final Map<RankedDrop, int[]> limitsOf = new HashMap<>();
  private int[] draws = new int[0];
  private int[] bits = new int[0];

  void apply(Block block, float[] a, RankedDrop drop, float[] into) {
    int count = block.count();
    if (draws.length < count) {
      draws = new int[count];
      bits = new int[count];
    }
    drop.unranked().draws().draw(block.firstElement(), count, draws);
    for (int i = 0; i < count; i++) {
      draws[i] ^= Integer.MIN_VALUE; // signed numbers that order like the unsigned ones
      bits[i] = MagnitudeCounts.bits(a[i]);
    }
    int[] limits = limits(drop, count);
    if (count < LEAST_TO_BIN) {
      sortAll(a, count, limits, into);
    } else {
      bins.fill(bits, count, limits);
      if (settle(a, count, limits, into)) {
        sortUnsettled(count, limits, into);
      }
    }
  }

  /** For each rank, what a draw that keeps its element is below. All rows have one length. */
  private int[] limits(RankedDrop drop, int count) {
    int[] limits = limitsOf.get(drop);
    if (limits == null || limits.length != count) {
      limits = new int[count];
      for (int rank = 0; rank < count; rank++) {
        limits[rank] = drop.keepBelow(rank, count) ^ Integer.MIN_VALUE;
      }
      limitsOf.put(drop, limits);
    }
    return limits;
  }

  private void sortAll(float[] a, int count, int[] limits, float[] into) {
    order.clear(count);
    for (int i = 0; i < count; i++) {
      order.add(bits[i], i);
    }
    long[] ascending = order.sort();
    for (int rank = 0; rank < count; rank++) {
      int i = MagnitudeOrder.place(ascending[rank]);
      into[i] = draws[i] < limits[rank] && bits[i] != 0 ? a[i] : 0;
    }
  }

  /**
   * Keeps and drops what the bins decide; what they do not decide is kept for now. Nobody can
   * predict a draw, so what is kept is masked rather than chosen by a branch.
   */
  private boolean settle(float[] a, int count, int[] limits, float[] into) {
    boolean unsettled = false;
    for (int i = 0; i < count; i++) {
      int bin = bins.bin(bits[i]);
      int rank = bins.nextRank(bin);
      int draw = draws[i];
      int mask = bins.allKept(bin, draw);
      if ((bins.someKept(bin, draw) & ~mask) != 0) { // seldom: the bin is between two ranks
        if (bins.areEqual(bin)) {
          mask = draws[i] < limits[rank] ? -1 : 0;
        } else if (bits[i] != 0) { // a zero stays one either way
          mask = -1;
          unsettled = true;
          bins.unsettle(bin);
        }
      }
      int kept = Float.floatToRawIntBits(a[i]) & mask;
      into[i] = kept == Integer.MIN_VALUE ? 0 : Float.intBitsToFloat(kept); // no negative zero
    }
    return unsettled;
  }

  private void sortUnsettled(int count, int[] limits, float[] into) {
    order.clear(count);
    for (int i = 0; i < count; i++) {
      if (bins.isUnsettled(bins.bin(bits[i]))) {
        order.add(bits[i], i);
      }
    }
    long[] ascending = order.sort();
    int bin = -1;
    int rank = 0;
    for (int next = 0; next < order.size(); next++) {
      int i = MagnitudeOrder.place(ascending[next]);
      if (bins.bin(bits[i]) != bin) {
        bin = bins.bin(bits[i]);
        rank = bins.firstRank(bin);
      }
      if (draws[i] >= limits[rank++]) {
        into[i] = 0;
      }
    }
  }
}
