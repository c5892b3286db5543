package dev.stockpot.kernels.methods.taskvector;

import dev.stockpot.kernels.Kernels;
import dev.stockpot.kernels.block.Block;
import dev.stockpot.kernels.block.Sampling;
import dev.stockpot.kernels.statistic.MagnitudeCounts;
import dev.stockpot.kernels.statistic.Statistic;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Finds the magnitudes between two ranks: two of {@link SelectLargest}, by the same looks. Of equal
 * magnitudes the lot decides which count as larger, as there: the same draws for both ranks, so
 * that what is an outlier is also among the largest.
 */
sealed interface SelectBand extends Drop, Drop.Unsettled {

  /** Selects in the way that looks least at so many elements. */
  static Drop of(SelectLargest.Wanted outliers, SelectLargest.Wanted keep, long elements) {
    return elements < SelectNear.FEWEST_ELEMENTS
        ? new ByUpperBits(outliers, keep)
        : Both.of(SelectLargest.of(outliers, elements), SelectLargest.of(keep, elements));
  }

  /**
   * Knows nothing yet.
   *
   * @param outliers how many of the largest to drop, at least 1
   * @param keep how many of the largest to keep but for those, more than {@code outliers}
   */
  record ByUpperBits(SelectLargest.Wanted outliers, SelectLargest.Wanted keep)
      implements SelectBand {
    @Override
    public <V> BlockLook<V> look(Kernels<V> kernels) {
      return new SelectLargest.Counting<>(kernels, MagnitudeCounts.ALL_BINS);
    }

    @Override
    public Drop knowing(Statistic found) {
      return Both.of(
          new SelectLargest.ByUpperBits(outliers).knowing(found),
          new SelectLargest.ByUpperBits(keep).knowing(found));
    }
  }

  /** Two selections of the largest, of which at least one has to look again. */
  record Both(Drop outliers, Drop kept) implements SelectBand {
    private static Drop of(Drop outliers, Drop kept) {
      return outliers instanceof Settled known && kept instanceof Settled alsoKnown
          ? new Band(known, alsoKnown)
          : new Both(outliers, kept);
    }

    private List<Unsettled> unsettled() {
      return Stream.of(outliers, kept)
          .filter(Unsettled.class::isInstance)
          .map(Unsettled.class::cast)
          .toList();
    }

    @Override
    public Optional<Sampling> sampling() {
      return Unsettled.samplingOf(unsettled());
    }

    @Override
    public <V> BlockLook<V> look(Kernels<V> kernels) {
      List<BlockLook<V>> looks = new ArrayList<>();
      unsettled().forEach(drop -> looks.add(drop.look(kernels)));
      return new BlockLook<>() {
        @Override
        public void look(Block block, V taskVector) {
          looks.forEach(look -> look.look(block, taskVector));
        }

        @Override
        public Statistic found() {
          return new StatisticList(looks.stream().map(BlockLook::found).toList());
        }
      };
    }

    @Override
    public Drop knowing(Statistic found) {
      List<Statistic> statistics = ((StatisticList) found).statistics();
      int last = statistics.size() - 1;
      return of(
          outliers instanceof Unsettled more ? more.knowing(statistics.get(0)) : outliers,
          kept instanceof Unsettled more ? more.knowing(statistics.get(last)) : kept);
    }
  }
}
