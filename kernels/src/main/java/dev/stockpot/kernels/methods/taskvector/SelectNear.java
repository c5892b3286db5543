package dev.stockpot.kernels.methods.taskvector;

import dev.stockpot.kernels.Kernels;
import dev.stockpot.kernels.block.Block;
import dev.stockpot.kernels.block.Sampling;
import dev.stockpot.kernels.statistic.MagnitudeCounts;
import dev.stockpot.kernels.statistic.MagnitudeRange;
import dev.stockpot.kernels.statistic.Statistic;
import java.util.ArrayList;
import java.util.List;
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
  record BySample(long keep, long elements) implements SelectNear {
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
      Near near = Near.of((double) keep / elements, counts.total());
      if (!near.isAmong(counts)) {
        return new SelectLargest.ByUpperBits(keep);
      }
      int low = near.least(counts) << 16;
      int high = (near.most(counts) + 1) << 16;
      return high - low > MagnitudeRange.MOST
          ? new SelectLargest.ByUpperBits(keep)
          : new BySampleOfRange(elements, counts.total(), new ByRange(keep, low, high));
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
      PlacedCounts counts = (PlacedCounts) found;
      Near near = Near.of((double) wide.keep / elements, sampled).below(counts.above());
      return near.isAmong(counts.counts())
          ? new ByRange(
              wide.keep,
              wide.low + near.least(counts.counts()),
              wide.low + near.most(counts.counts()) + 1)
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
  record ByRange(long keep, int low, int high) implements SelectNear {
    @Override
    public <V> BlockLook<V> look(Kernels<V> kernels) {
      return new BlockLook<>() {
        private final MagnitudeRange range = new MagnitudeRange(low, high);
        private final List<Counts> blocks = new ArrayList<>();
        private Counts counts = Counts.of(new int[0]);
        private boolean isPlaced = true;
        private boolean isFirst = true;

        @Override
        public void look(Block block, V taskVector) {
          if (block.startsReduction() && !isFirst) {
            placeBlock();
          }
          isFirst = false;
          if (block.reductionEnds().length == 1) {
            kernels.count(taskVector, range);
          } else if (high - low == 1) {
            placeEach(kernels.countEqual(taskVector, range));
          } else {
            isPlaced = false; // several magnitudes of several reduction blocks are not told apart
            kernels.count(taskVector, range);
          }
        }

        /** So many elements of each reduction block have the one magnitude of the range. */
        private void placeEach(int... equal) {
          for (int part = 0; part < equal.length; part++) {
            if (part > 0) {
              placeBlock();
            }
            if (equal[part] > 0) {
              range.add(0, equal[part]);
            }
          }
        }

        private void placeBlock() {
          isPlaced &= range.distinct() <= MagnitudeRange.MOST_NOTED;
          if (isPlaced) {
            Counts ofBlock = Counts.of(range);
            range.clear();
            blocks.add(ofBlock);
            counts = counts.plus(ofBlock);
          }
        }

        @Override
        public Statistic found() {
          placeBlock();
          return isPlaced
              ? new PlacedCounts(range.above(), counts, true, blocks)
              : new PlacedCounts(range.above(), counts.plus(Counts.of(range)), false, List.of());
        }
      };
    }

    @Override
    public Drop knowing(Statistic found) {
      PlacedCounts counts = (PlacedCounts) found;
      long within = keep - counts.above();
      if (within < 1 || within > counts.counts().total()) {
        return new SelectLargest.ByUpperBits(keep);
      }
      Counts.Rank rank = counts.counts().fromTop(within);
      float threshold = Float.intBitsToFloat(low + rank.bin());
      Drop drop = SelectLargest.at(threshold, within - rank.above(), rank.count());
      return drop instanceof SelectLargest.ByPlace byPlace && counts.isPlaced()
          ? byPlace.knowing(counts.ties(rank.bin()))
          : drop;
    }
  }
}
