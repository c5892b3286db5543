package dev.stockpot.kernels.scalar;

import dev.stockpot.kernels.Block;
import dev.stockpot.kernels.RankedDrop;

/** Keeps elements of a row by a draw and the ranks of their magnitudes. */
final class RankedSelection {
  private final MagnitudeOrder order = new MagnitudeOrder();
  private int[] draws = new int[0];

  void apply(Block block, float[] a, RankedDrop drop, float[] into) {
    int count = block.count();
    if (draws.length < count) {
      draws = new int[count];
    }
    drop.unranked().draw(block.firstElement(), count, draws);
    long[] ascending = order.sort(a, count);
    for (int rank = 0; rank < count; rank++) {
      int i = (int) ascending[rank];
      boolean keep = Integer.compareUnsigned(draws[i], drop.keepBelow(rank, count)) < 0;
      into[i] = keep ? a[i] : 0;
    }
  }
}
