package dev.stockpot.kernels.methods.taskvector;

import dev.stockpot.kernels.Kernels;
import dev.stockpot.kernels.block.Block;
import dev.stockpot.kernels.random.RandomDrop;
import dev.stockpot.kernels.random.RandomStream;
import dev.stockpot.kernels.statistic.MagnitudeCounts;
import dev.stockpot.kernels.statistic.Statistic;
import java.io.Serializable;
import java.util.List;

/**
 * Finds the k-th largest magnitude exactly, without a sort: magnitudes order like their bits, so
 * one histogram of the upper 16 bits finds the bin, a second, of the lower 16 bits within it, the
 * value. Differences of 16-bit numbers have few magnitudes, so that many elements may equal it. Of
 * those each stays by lot, with the share that is left of k: k on average, wherever in the tensor
 * they are, and without a look at their places.
 */
sealed interface SelectLargest extends Drop, Drop.Unsettled {

  /**
   * What to keep of the largest.
   *
   * @param count how many, at least 1 and fewer than there are
   * @param draws decide between equal ones
   */
  record Wanted(long count, RandomStream draws) implements Serializable {

    /** With so many fewer, which are known to be above the others. */
    Wanted below(long above) {
      return new Wanted(count - above, draws);
    }

    /**
     * Once the threshold is known.
     *
     * @param ties how many of the elements equal to it are to stay
     * @param equal how many there are
     */
    Settled at(float threshold, long ties, long equal) {
      return ties == equal || threshold == 0 || Float.isNaN(threshold)
          ? new From(threshold) // which zeros stay makes no difference, and every NaN shows
          : new Largest(threshold, RandomDrop.of(draws, (double) ties / equal));
    }
  }

  /** Selects of so many elements of one tensor, in the way that looks at it least. */
  static Drop of(Wanted wanted, long elements) {
    return elements < SelectNear.FEWEST_ELEMENTS
        ? new ByUpperBits(wanted)
        : new SelectNear.BySample(wanted, elements);
  }

  /** Knows nothing yet. */
  record ByUpperBits(Wanted wanted) implements SelectLargest {
    @Override
    public <V> BlockLook<V> look(Kernels<V> kernels) {
      return new Counting<>(kernels, MagnitudeCounts.ALL_BINS);
    }

    @Override
    public Drop knowing(Statistic found) {
      Counts.Rank rank = ((Counts) found).fromTop(wanted.count());
      return new ByLowerBits(rank.bin(), wanted.below(rank.above()));
    }
  }

  /** Knows nothing yet, not even how many to keep: a share of those that are not zero. */
  record ByShareOfNonZero(double share, RandomStream draws) implements SelectLargest {
    @Override
    public <V> BlockLook<V> look(Kernels<V> kernels) {
      BlockLook<V> all = new Counting<>(kernels, MagnitudeCounts.ALL_BINS);
      int[] zeros = new int[1];
      return new BlockLook<>() {
        @Override
        public void look(Block block, V values) {
          all.look(block, values);
          zeros[0] += kernels.countEqual(values, 0);
        }

        @Override
        public Statistic found() {
          return new StatisticList(List.of(all.found(), Counts.of(zeros)));
        }
      };
    }

    @Override
    public Drop knowing(Statistic found) {
      List<Statistic> allAndZeros = ((StatisticList) found).statistics();
      Counts all = (Counts) allAndZeros.get(0);
      Counts zeros = (Counts) allAndZeros.get(1);
      long keep = (long) ((all.total() - zeros.total()) * share);
      return keep == 0 ? DropAll.INSTANCE : new ByUpperBits(new Wanted(keep, draws)).knowing(all);
    }
  }

  /** Knows the upper 16 bits of the threshold and what to keep among those that share them. */
  record ByLowerBits(int bin, Wanted wanted) implements SelectLargest {
    @Override
    public <V> BlockLook<V> look(Kernels<V> kernels) {
      return new Counting<>(kernels, bin);
    }

    @Override
    public Drop knowing(Statistic found) {
      Counts.Rank rank = ((Counts) found).fromTop(wanted.count());
      float threshold = Float.intBitsToFloat(bin << 16 | rank.bin());
      return wanted.at(threshold, wanted.count() - rank.above(), rank.count());
    }
  }

  /**
   * The share {@code density} of the whole model's task vector, as the TIES paper trims. As in its
   * code, all elements equal to the threshold stay.
   */
  record OfModel(double density) implements SelectLargest {
    @Override
    public <V> BlockLook<V> look(Kernels<V> kernels) {
      return new Counting<>(kernels, MagnitudeCounts.ALL_BINS);
    }

    @Override
    public boolean looksAtModel() {
      return true;
    }

    @Override
    public Drop knowing(Statistic found) {
      Counts counts = (Counts) found;
      long keep = (long) (density * counts.total());
      if (keep == 0) {
        return DropAll.INSTANCE;
      }
      Counts.Rank rank = counts.fromTop(keep);
      return new OfModelByLowerBits(rank.bin(), keep - rank.above());
    }
  }

  /** As {@link ByLowerBits}, in the whole model. */
  record OfModelByLowerBits(int bin, long keep) implements SelectLargest {
    @Override
    public <V> BlockLook<V> look(Kernels<V> kernels) {
      return new Counting<>(kernels, bin);
    }

    @Override
    public boolean looksAtModel() {
      return true;
    }

    @Override
    public Drop knowing(Statistic found) {
      int lowerBits = ((Counts) found).fromTop(keep).bin();
      return new From(Float.intBitsToFloat(bin << 16 | lowerBits));
    }
  }

  /** A {@link MagnitudeCounts} at work. */
  final class Counting<V> implements Drop.BlockLook<V> {
    private final Kernels<V> kernels;
    private final MagnitudeCounts counts;

    Counting(Kernels<V> kernels, int bin) {
      this.kernels = kernels;
      this.counts = new MagnitudeCounts(bin);
    }

    @Override
    public void look(Block block, V taskVector) {
      kernels.count(taskVector, counts);
    }

    @Override
    public Statistic found() {
      return Counts.of(counts.counts());
    }
  }
}
