package dev.stockpot.kernels.statistic;

import dev.stockpot.kernels.block.Block;
import java.util.Arrays;

/** Gathers {@link PartialSums} from blocks that come in order. */
public final class PartialSumsBuilder {
  private final LaneSum[] current;
  private boolean open;

  public PartialSumsBuilder(int width) {
    current = new LaneSum[width];
    Arrays.setAll(current, i -> new LaneSum());
  }

  /**
   * To be called before a block is summed: ends the reduction block that it does not belong to. If
   * it holds several, the provider ends all of them but the last.
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
    int reductions = current.length == 0 ? 0 : current[0].finished().length; // one model, no pairs
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
