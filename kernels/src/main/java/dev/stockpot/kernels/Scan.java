package dev.stockpot.kernels;

import java.io.Serializable;
import java.util.List;

/** A statistic to be found by reading a tensor's inputs once. */
public interface Scan extends Serializable {

  /** Borrows the vectors it works with. */
  <V> BlockScan open(Kernels<V> kernels);

  /** A {@link Scan} at work on one slice. Blocks come in order. */
  interface BlockScan {
    void scan(Block block, List<Operand> inputs);

    /** What was found in all blocks so far. */
    Statistic found();
  }
}
