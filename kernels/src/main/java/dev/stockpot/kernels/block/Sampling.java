package dev.stockpot.kernels.block;

import java.io.Serializable;
import java.util.function.Consumer;

/**
 * Some of a tensor's elements: of every {@code rate} runs one, chosen by its place alone, so that
 * it does not show how the tensor was cut. Which one it is changes from stratum to stratum; else a
 * sample of a matrix could be some of its columns.
 *
 * @param row elements of a row, where slices are cut between rows; a run is then a row. 0 where
 *     rows do not matter
 * @param run elements of a run
 * @param rate a power of two
 */
public record Sampling(int row, int run, int rate) implements Serializable {
  /** Elements of a run that is no row, but long enough to be worth the call. */
  public static final int RUN = 512;

  /** About how many elements are enough: they give a norm within a per cent or so. */
  private static final long ENOUGH = 1 << 14;

  private static final int HIGHEST_RATE = 256;

  /** The work on an element grows with the square of the number of inputs; from here it matters. */
  private static final int MANY_INPUTS = 16;

  public Sampling {
    if (Integer.bitCount(rate) != 1) {
      throw new IllegalArgumentException("rate is %s, must be a power of two".formatted(rate));
    }
  }

  /** All elements. */
  public static Sampling all(int row) {
    return new Sampling(row, run(row), 1);
  }

  /** What costs little beside a merge of that many inputs: one element of 256 of a large tensor. */
  public static Sampling of(long elements, int row, int inputs) {
    int highest = HIGHEST_RATE * Integer.highestOneBit(Math.max(1, inputs / MANY_INPUTS));
    long rate = Math.min(highest, Math.min(elements / run(row), elements / ENOUGH));
    return new Sampling(row, run(row), (int) Long.highestOneBit(Math.max(1, rate)));
  }

  private static int run(int row) {
    return row == 0 ? RUN : row;
  }

  /** Elements from the begin of one stratum, of which one run is chosen, to that of the next. */
  public long stratum() {
    return (long) run * rate;
  }

  /** What is chosen of a chunk, in order: runs, or what of them is in the chunk. */
  public void each(Block chunk, Consumer<Block> consumer) {
    long end = chunk.firstElement() + chunk.count();
    for (long i = chunk.firstElement() / stratum(); i * stratum() < end; i++) {
      long first = Math.max(chunk.firstElement(), begin(i));
      int count = (int) (Math.min(end, begin(i) + run) - first);
      if (count > 0) {
        int offset = chunk.offset() + (int) (first - chunk.firstElement());
        consumer.accept(new Block(first, offset, count, row));
      }
    }
  }

  /** Whether something of a chunk is chosen. */
  public boolean includes(Block chunk) {
    long end = chunk.firstElement() + chunk.count();
    for (long i = chunk.firstElement() / stratum(); i * stratum() < end; i++) {
      if (begin(i) < end && begin(i) + run > chunk.firstElement()) {
        return true;
      }
    }
    return false;
  }

  /** Place of the run that is chosen of a stratum. */
  private long begin(long stratum) {
    return (stratum * rate + chosen(stratum)) * run;
  }

  /** The finaliser of SplitMix64, whose low bits are as good as its high ones. */
  private long chosen(long stratum) {
    long x = (stratum ^ (stratum >>> 30)) * 0xBF58476D1CE4E5B9L;
    x = (x ^ (x >>> 27)) * 0x94D049BB133111EBL;
    return (x ^ (x >>> 31)) & (rate - 1);
  }
}
