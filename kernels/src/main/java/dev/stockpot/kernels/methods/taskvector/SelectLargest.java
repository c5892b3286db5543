package dev.stockpot.kernels.methods.taskvector;

import dev.stockpot.kernels.Kernels;
import dev.stockpot.kernels.block.Block;
import dev.stockpot.kernels.statistic.MagnitudeCounts;
import dev.stockpot.kernels.statistic.Statistic;
import java.util.Arrays;
import java.util.List;

/**
 * Finds the k-th largest magnitude exactly, without a sort: magnitudes order like their bits, so
 * one histogram of the upper 16 bits finds the bin, a second, of the lower 16 bits within it, the
 * value. Only where elements equal to that value must be told apart are they counted by place too:
 * of equal ones, those that come first in the tensor are kept.
 */
sealed interface SelectLargest extends Drop, Drop.Unsettled {

  /** Selects so many of so many elements, of one tensor, in the way that looks at it least. */
  static Drop of(long keep, long elements) {
    return elements < SelectNear.FEWEST_ELEMENTS
        ? new ByUpperBits(keep)
        : new SelectNear.BySample(keep, elements);
  }

  /**
   * What to do once the threshold is known.
   *
   * @param ties how many of the elements equal to it are to stay
   * @param equal how many there are
   */
  static Drop at(float threshold, long ties, long equal) {
    return ties == equal || threshold == 0 || Float.isNaN(threshold)
        ? new Largest(threshold, ties, new long[0]) // which zeros stay makes no difference
        : new ByPlace(threshold, ties);
  }

  /**
   * Knows nothing yet.
   *
   * @param keep how many to keep, at least 1 and fewer than there are
   */
  record ByUpperBits(long keep) implements SelectLargest {
    @Override
    public <V> BlockLook<V> look(Kernels<V> kernels) {
      return new Counting<>(kernels, MagnitudeCounts.ALL_BINS);
    }

    @Override
    public Drop knowing(Statistic found) {
      Counts counts = (Counts) found;
      Counts.Rank rank = counts.fromTop(keep);
      return new ByLowerBits(rank.bin(), keep - rank.above());
    }
  }

  /** Knows nothing yet, not even how many to keep: a share of those that are not zero. */
  record ByShareOfNonZero(double share) implements SelectLargest {
    @Override
    public <V> BlockLook<V> look(Kernels<V> kernels) {
      BlockLook<V> all = new Counting<>(kernels, MagnitudeCounts.ALL_BINS);
      BlockLook<V> zeros = new ByPlace(0, 0).look(kernels);
      return new BlockLook<>() {
        @Override
        public void look(Block block, V values) {
          all.look(block, values);
          zeros.look(block, values);
        }

        @Override
        public Statistic found() {
          return new StatisticList(List.of(all.found(), zeros.found()));
        }
      };
    }

    @Override
    public Drop knowing(Statistic found) {
      List<Statistic> allAndZeros = ((StatisticList) found).statistics();
      Counts all = (Counts) allAndZeros.get(0);
      CountsByBlock zeros = (CountsByBlock) allAndZeros.get(1);
      long keep = (long) ((all.total() - zeros.total()) * share);
      return keep == 0 ? DropAll.INSTANCE : new ByUpperBits(keep).knowing(all);
    }
  }

  /** Knows the upper 16 bits of the threshold and how many to keep among those that share them. */
  record ByLowerBits(int bin, long keep) implements SelectLargest {
    @Override
    public <V> BlockLook<V> look(Kernels<V> kernels) {
      return new Counting<>(kernels, bin);
    }

    @Override
    public Drop knowing(Statistic found) {
      Counts counts = (Counts) found;
      Counts.Rank rank = counts.fromTop(keep);
      float threshold = Float.intBitsToFloat(bin << 16 | rank.bin());
      return at(threshold, keep - rank.above(), rank.count());
    }
  }

  /** Knows the threshold, and that not all elements equal to it may stay. */
  record ByPlace(float threshold, long ties) implements SelectLargest {
    @Override
    public <V> BlockLook<V> look(Kernels<V> kernels) {
      return new BlockLook<>() {
        private long[] counts = new long[0];

        @Override
        public void look(Block block, V taskVector) {
          int[] found = kernels.countEqual(taskVector, threshold);
          boolean begins = block.startsReduction() || counts.length == 0;
          int last = begins ? counts.length : counts.length - 1;
          counts = Arrays.copyOf(counts, last + found.length);
          for (int i = 0; i < found.length; i++) {
            counts[last + i] += found[i];
          }
        }

        @Override
        public Statistic found() {
          return new CountsByBlock(counts);
        }
      };
    }

    @Override
    public Drop knowing(Statistic found) {
      return new Largest(threshold, ties, ((CountsByBlock) found).before());
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
      return new Largest(Float.intBitsToFloat(bin << 16 | lowerBits), 0, new long[0]);
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
