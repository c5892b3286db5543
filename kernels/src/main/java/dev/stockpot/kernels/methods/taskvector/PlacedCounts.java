package dev.stockpot.kernels.methods.taskvector;

import dev.stockpot.kernels.statistic.Statistic;
import java.util.ArrayList;
import java.util.List;

/**
 * A histogram of the magnitudes in a range, and, unless they are too many to be worth it, the same
 * for each reduction block.
 *
 * @param above how many elements are above the range
 * @param counts of the elements in the range, bins counted from its low end
 * @param isPlaced whether {@code blocks} is known
 * @param blocks {@code counts} of each reduction block, in order
 */
record PlacedCounts(long above, Counts counts, boolean isPlaced, List<Counts> blocks)
    implements Statistic {
  PlacedCounts {
    blocks = List.copyOf(blocks);
  }

  @Override
  public PlacedCounts plus(Statistic next) {
    if (!(next instanceof PlacedCounts more)) {
      throw new IllegalArgumentException("%s after counts by place".formatted(next));
    }
    List<Counts> both = new ArrayList<>();
    if (isPlaced && more.isPlaced) {
      both.addAll(blocks);
      both.addAll(more.blocks);
    }
    return new PlacedCounts(
        above + more.above, counts.plus(more.counts), isPlaced && more.isPlaced, both);
  }

  /** How many elements of a bin there are in each reduction block. */
  CountsByBlock ties(int bin) {
    return new CountsByBlock(blocks.stream().mapToLong(block -> block.count(bin)).toArray());
  }
}
