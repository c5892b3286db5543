package dev.stockpot.kernels.method;

import dev.stockpot.kernels.Kernels;
import dev.stockpot.kernels.Operand;
import dev.stockpot.kernels.block.Block;
import dev.stockpot.kernels.statistic.Statistic;
import java.io.Serializable;
import java.util.List;

/** A statistic to be found by reading a tensor's inputs once. */
public interface Scan extends Serializable {

  /** Borrows the vectors it works with. */
  <V> BlockScan open(Kernels<V> kernels);

  /**
   * Whether it looks at a block, or at a longer run of elements. What it does not want need not be
   * read.
   */
  default boolean wants(Block block) {
    return true;
  }

  /** A {@link Scan} at work on one slice. Blocks come in order. */
  interface BlockScan {
    void scan(Block block, List<Operand> inputs);

    /** What was found in all blocks so far. */
    Statistic found();
  }
}
