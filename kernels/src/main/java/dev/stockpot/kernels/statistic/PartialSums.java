package dev.stockpot.kernels.statistic;

import dev.stockpot.kernels.block.Block;
import java.util.Arrays;

/**
 * Several float64 sums over a run of elements, one partial sum of each per reduction block: added
 * up in the order of the blocks, they give the same total however the tensor was cut.
 *
 * @param width how many sums
 * @param partials {@code width} of them for each reduction block
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record PartialSums(int width, double[] partials) implements Statistic {

  @Override
  public PartialSums plus(Statistic next) {
    if (!(next instanceof PartialSums more) || more.width != width) {
      throw new IllegalArgumentException("%s after %s sums".formatted(next, width));
    }
    double[] both = Arrays.copyOf(partials, partials.length + more.partials.length);
    System.arraycopy(more.partials, 0, both, partials.length, more.partials.length);
    return new PartialSums(width, both);
  }

  public double total(int sum) {
    double total = 0;
    for (int i = sum; i < partials.length; i += width) {
      total += partials[i];
    }
    return total;
  }

  /** Gathers {@link PartialSums} from blocks that come in order. */
  public static final class Builder {
    private final LaneSum[] current;
    private boolean open;

    public Builder(int width) {
      current = new LaneSum[width];
      Arrays.setAll(current, i -> new LaneSum());
    }

    /**
     * To be called before a block is summed: ends the reduction block that it does not belong to.
     * If it holds several, the provider ends all of them but the last.
     */
    public void begin(Block block) {
      if (block.startsReduction()) {
        endReduction();
      }
      open = true;
    }

    public LaneSum sum(int i) {
      return current[i];
    }

    public PartialSums found() {
      endReduction();
      int reductions =
          current.length == 0 ? 0 : current[0].finished().length; // one model, no pairs
      double[] partials = new double[current.length * reductions];
      for (int i = 0; i < current.length; i++) {
        double[] finished = current[i].finished();
        for (int reduction = 0; reduction < reductions; reduction++) {
          partials[reduction * current.length + i] = finished[reduction];
        }
      }
      return new PartialSums(current.length, partials);
    }

    private void endReduction() {
      if (open) {
        for (LaneSum sum : current) {
          sum.next();
        }
        open = false;
      }
    }
  }
}
