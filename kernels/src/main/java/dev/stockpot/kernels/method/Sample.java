package dev.stockpot.kernels.method;

import dev.stockpot.kernels.Block;
import java.io.Serializable;

/**
 * One in 32 of a tensor's elements, or, of large tensors, one in 16, evenly spread: enough to see
 * about where an order statistic lies. In a tensor so large that it has to be read from storage
 * again and again, the runs are long enough to be read alone; in others they are short, so that
 * some of every row is seen.
 *
 * @param run elements that are in the sample
 * @param period elements from the begin of one run to that of the next
 */
record Sample(int run, int period) implements Serializable {
  /** Of fewer elements the sample would be small, and a look at all of them is cheap. */
  static final long FEWEST_ELEMENTS = 4 << 20;

  private static final long LARGE = 64 << 20;

  static Sample of(long elements) {
    return elements < LARGE ? new Sample(1 << 7, 1 << 12) : new Sample(1 << 18, 1 << 22);
  }

  /**
   * The first of the block's elements that are in the sample; all of them, if the block is longer
   * than the sample's period.
   */
  Block in(Block block) {
    if (block.count() > period) {
      return block;
    }
    long first = block.firstElement();
    long begin = first - first % period;
    if (first - begin >= run) {
      begin += period;
    }
    int skipped = (int) Math.min(block.count(), Math.max(0, begin - first));
    int count = (int) Math.min(block.count() - skipped, begin + run - first - skipped);
    return new Block(first + skipped, block.offset() + skipped, count);
  }
}
