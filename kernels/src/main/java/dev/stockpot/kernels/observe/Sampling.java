package dev.stockpot.kernels.observe;

import dev.stockpot.kernels.Block;
import java.io.Serializable;
import java.util.function.Consumer;

/**
 * Which elements of a tensor are observed: of every {@code rate} runs one, chosen by its place
 * alone, so that it does not show how the tensor was cut. Which one it is changes from stratum to
 * stratum; else a sample of a matrix could be some of its columns.
 *
 * @param row elements of a row, where slices are cut between rows; a run is then a row. 0 where
 *     rows do not matter
 * @param rate a power of two
 */
public record Sampling(int row, int rate) implements Serializable {
  /** Elements of a run, where it is not a row. Chunks are cut at multiples of it. */
  static final int RUN = 512;

  /** About how many elements are enough: they give a norm within a per cent or so. */
  private static final long ENOUGH = 1 << 14;

  private static final int HIGHEST_RATE = 64;

  /** The work on an element grows with the square of the number of inputs; from here it matters. */
  private static final int MANY_INPUTS = 16;

  public Sampling {
    if (Integer.bitCount(rate) != 1) {
      throw new IllegalArgumentException("rate is %s, must be a power of two".formatted(rate));
    }
  }

  /** All elements. */
  public static Sampling all(int row) {
    return new Sampling(row, 1);
  }

  /** What costs little beside a merge of that many inputs: one element of 64 of a large tensor. */
  public static Sampling of(long elements, int row, int inputs) {
    int highest = HIGHEST_RATE * Integer.highestOneBit(Math.max(1, inputs / MANY_INPUTS));
    long runs = row == 0 ? elements / RUN : elements / row;
    long rate = Math.min(highest, Math.min(runs, elements / ENOUGH));
    return new Sampling(row, (int) Long.highestOneBit(Math.max(1, rate)));
  }

  /** The runs that begin in a chunk, in order; a chunk does not cut runs. */
  void each(Block chunk, Consumer<Block> consumer) {
    long run = row == 0 ? RUN : row;
    long end = chunk.firstElement() + chunk.count();
    for (long stratum = chunk.firstElement() / (run * rate); ; stratum++) {
      if (stratum * run * rate >= end) {
        return;
      }
      long first = (stratum * rate + chosen(stratum)) * run;
      if (first >= chunk.firstElement() && first < end) {
        int offset = chunk.offset() + (int) (first - chunk.firstElement());
        consumer.accept(new Block(first, offset, (int) Math.min(run, end - first), row));
      }
    }
  }

  /** The finaliser of SplitMix64, whose low bits are as good as its high ones. */
  private long chosen(long stratum) {
    long x = (stratum ^ (stratum >>> 30)) * 0xBF58476D1CE4E5B9L;
    x = (x ^ (x >>> 27)) * 0x94D049BB133111EBL;
    return (x ^ (x >>> 31)) & (rate - 1);
  }
}
