package dev.stockpot.kernels.method;

import dev.stockpot.kernels.Block;
import dev.stockpot.kernels.LaneSum;
import java.util.Arrays;

/** Gathers {@link PartialSums} from blocks that come in order. */
final class PartialSumsBuilder {
  private final LaneSum[] current;
  private double[] partials = new double[0];
  private boolean open;

  PartialSumsBuilder(int width) {
    current = new LaneSum[width];
    Arrays.setAll(current, i -> new LaneSum());
  }

  /** To be called before a block is summed: ends the reduction block that it does not belong to. */
  void begin(Block block) {
    if (block.startsReduction()) {
      endReduction();
    }
    open = true;
  }

  LaneSum sum(int i) {
    return current[i];
  }

  PartialSums found() {
    endReduction();
    return new PartialSums(current.length, partials);
  }

  private void endReduction() {
    if (!open) {
      return;
    }
    int end = partials.length;
    partials = Arrays.copyOf(partials, end + current.length);
    for (LaneSum sum : current) {
      partials[end++] = sum.take();
    }
    open = false;
  }
}
