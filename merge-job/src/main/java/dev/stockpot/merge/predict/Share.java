package dev.stockpot.merge.predict;

import dev.stockpot.kernels.random.RandomStream;
import java.io.Serializable;

/**
 * Some of all examples, by their ids: the same ones wherever and in whatever order they are met.
 *
 * @param part how many, of 1
 * @param isInside whether these are meant, or all others
 */
record Share(double part, long seed, boolean isInside) implements Serializable {
  /** Passes over these alone. */
  Passes of(Passes all) {
    return sums -> all.over(new Some(sums, this));
  }

  Share others() {
    return new Share(part, seed, !isInside);
  }

  boolean has(String id) {
    long key = RandomStream.of(seed, RandomStream.OUTPUT, "share " + id).key();
    return ((key >>> 11) * 0x1p-53 < part) == isInside;
  }

  private record Some(RowSums of, Share share) implements RowSums {
    @Override
    public int size() {
      return of.size();
    }

    @Override
    public void add(Block block, double[] sums) {
      of.add(block.of(share::has), sums);
    }
  }
}
