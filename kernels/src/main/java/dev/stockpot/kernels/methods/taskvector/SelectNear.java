package dev.stockpot.kernels.methods.taskvector;

import dev.stockpot.kernels.Kernels;
import dev.stockpot.kernels.block.Block;
import dev.stockpot.kernels.block.Sampling;
import dev.stockpot.kernels.statistic.MagnitudeCounts;
import dev.stockpot.kernels.statistic.MagnitudeRange;
import dev.stockpot.kernels.statistic.Statistic;
import java.util.Optional;

/**
 * Finds what {@link SelectLargest} finds, exactly as well, in fewer looks at large tensors: a
 * sample tells a range that the k-th largest magnitude almost certainly is in, and one look at all
 * elements finds it there. If it is not there, nothing is lost but that look.
 */
sealed interface SelectNear extends Drop, Drop.Unsettled {
  /** Of fewer elements the sample would be small, and a look at all of them is cheap. */
  long FEWEST_ELEMENTS = 4 << 20;

  /** Elements of a tensor that has to be read from storage for every look. */
  long LARGE = 64 << 20;

  /** Elements of a run that is worth a read of its own. */
  int LONG_RUN = 1 << 18;

  /** Of both sides of the rank, beside what chance explains: rows of a tensor differ. */
  double UNEVENNESS = 0.005;

  /** Standard deviations of a sampled rank. */
  int DEVIATIONS = 4;

  private static Sampling sampling(long elements) {
    return elements < LARGE ? new Sampling(0, Sampling.RUN, 32) : new Sampling(0, LONG_RUN, 16);
  }

  /** Knows nothing yet. */
  record BySample(SelectLargest.Wanted wanted, long elements) implements SelectNear {
    @Override
    public Optional<Sampling> sampling() {
      return Optional.of(SelectNear.sampling(elements));
    }

    @Override
    public <V> BlockLook<V> look(Kernels<V> kernels) {
      return new SelectLargest.Counting<>(kernels, MagnitudeCounts.ALL_BINS);
    }

    @Override
    public Drop knowing(Statistic found) {
      Counts counts = (Counts) found;
      Near near = Near.of((double) wanted.count() / elements, counts.total());
      if (!near.isAmong(counts)) {
        return new SelectLargest.ByUpperBits(wanted);
      }
      int low = near.least(counts) << 16;
      int high = (near.most(counts) + 1) << 16;
      return high - low > MagnitudeRange.MOST
          ? new SelectLargest.ByUpperBits(wanted)
          : new BySampleOfRange(elements, counts.total(), new ByRange(wanted, low, high));
    }
  }

  /**
   * Knows a range of bits that the threshold is likely to be in, and looks at the sample again:
   * where the elements come of 16-bit numbers, so many are equal that the range shrinks to one
   * magnitude.
   *
   * @param sampled elements in the sample
   */
  record BySampleOfRange(long elements, long sampled, ByRange wide) implements SelectNear {
    @Override
    public Optional<Sampling> sampling() {
      return Optional.of(SelectNear.sampling(elements));
    }

    @Override
    public <V> BlockLook<V> look(Kernels<V> kernels) {
      return wide.look(kernels);
    }

    @Override
    public Drop knowing(Statistic found) {
      RangeCounts counts = (RangeCounts) found;
      Counts within = counts.within();
      SelectLargest.Wanted wanted = wide.wanted;
      Near near = Near.of((double) wanted.count() / elements, sampled).below(counts.above());
      return near.isAmong(within)
          ? new ByRange(wanted, wide.low + near.least(within), wide.low + near.most(within) + 1)
          : wide;
    }
  }

  /**
   * About where a rank is in a sample, counted from the top.
   *
   * @param first the lowest rank that it may be
   * @param last the highest one
   */
  record Near(long first, long last) {
    static Near of(double share, long sampled) {
      double rank = share * sampled;
      double margin =
          DEVIATIONS * Math.sqrt(share * (1 - share) * sampled)
              + UNEVENNESS * Math.min(rank, sampled - rank);
      return new Near((long) (rank - margin), (long) Math.ceil(rank + margin));
    }

    /** The same among what is left below so many. */
    Near below(long above) {
      return new Near(first - above, last - above);
    }

    boolean isAmong(Counts counts) {
      return first >= 1 && last <= counts.total();
    }

    int least(Counts counts) {
      return counts.fromTop(last).bin();
    }

    int most(Counts counts) {
      return counts.fromTop(first).bin();
    }
  }

  /**
   * Knows a range of bits that the threshold is likely to be in.
   *
   * @param low the least magnitude in the range
   * @param high the least above it
   */
  record ByRange(SelectLargest.Wanted wanted, int low, int high) implements SelectNear {
    @Override
    public <V> BlockLook<V> look(Kernels<V> kernels) {
      MagnitudeRange range = new MagnitudeRange(low, high);
      return new BlockLook<>() {
        @Override
        public void look(Block block, V taskVector) {
          kernels.count(taskVector, range);
        }

        @Override
        public Statistic found() {
          return new RangeCounts(range.above(), Counts.of(range));
        }
      };
    }

    @Override
    public Drop knowing(Statistic found) {
      RangeCounts counts = (RangeCounts) found;
      long left = wanted.count() - counts.above();
      if (left < 1 || left > counts.within().total()) {
        return new SelectLargest.ByUpperBits(wanted);
      }
      Counts.Rank rank = counts.within().fromTop(left);
      return wanted.at(Float.intBitsToFloat(low + rank.bin()), left - rank.above(), rank.count());
    }
  }
}
