package dev.stockpot.merge.predict;

import java.io.Serializable;

/** Sums over examples, block by block: what a pass over all predictions finds. */
public interface RowSums extends Serializable {
  /** How many sums there are. */
  int size();

  /** Adds those of a block. */
  void add(Block block, double[] sums);
}
