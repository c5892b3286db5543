package dev.stockpot.kernels.method;

import dev.stockpot.kernels.Block;
import dev.stockpot.kernels.Kernels;
import dev.stockpot.kernels.MagnitudeCounts;
import dev.stockpot.kernels.MagnitudeRange;
import dev.stockpot.kernels.Statistic;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finds what {@link SelectLargest} finds, exactly as well, in fewer looks at large tensors: a
 * sample tells a range that the k-th largest magnitude almost certainly is in, and one look at all
 * elements finds it there. If it is not there, nothing is lost but that look.
 */
sealed interface SelectNear extends Drop, Drop.Unsettled {
  /** Of both sides of the rank, beside what chance explains: rows of a tensor differ. */
  double UNEVENNESS = 0.005;

  /** Standard deviations of a sampled rank. */
  int DEVIATIONS = 4;

  /** Knows nothing yet. */
  record BySample(long keep, long elements) implements SelectNear {
    @Override
    public Optional<Sample> sample() {
      return Optional.of(Sample.of(elements));
    }

    @Override
    public <V> BlockLook<V> look(Kernels<V> kernels) {
      return new SelectLargest.Counting<>(kernels, MagnitudeCounts.ALL_BINS);
    }

    @Override
    public Drop knowing(Statistic found) {
      Counts sample = (Counts) found;
      double total = sample.total();
      double share = (double) keep / elements;
      double rank = share * total;
      double margin =
          DEVIATIONS * Math.sqrt(share * (1 - share) * total)
              + UNEVENNESS * Math.min(rank, total - rank);
      if (rank - margin < 1 || rank + margin > total) {
        return new SelectLargest.ByUpperBits(keep);
      }
      int low = sample.fromTop((long) Math.ceil(rank + margin)).bin() << 16;
      int high = (sample.fromTop((long) (rank - margin)).bin() + 1) << 16;
      return high - low > MagnitudeRange.MOST
          ? new SelectLargest.ByUpperBits(keep)
          : new ByRange(keep, low, high);
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
          isPlaced &= block.reductionEnds().length == 1; // or they cannot be told apart
          kernels.count(taskVector, range);
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
