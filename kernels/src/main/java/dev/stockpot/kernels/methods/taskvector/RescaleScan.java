package dev.stockpot.kernels.methods.taskvector;

import dev.stockpot.kernels.Kernels;
import dev.stockpot.kernels.Operand;
import dev.stockpot.kernels.block.Block;
import dev.stockpot.kernels.method.Scan;
import dev.stockpot.kernels.statistic.PartialSums;
import dev.stockpot.kernels.statistic.Statistic;
import java.util.ArrayList;
import java.util.List;

/**
 * The L1 norms of every task vector before and after its drop.
 *
 * @param base place of the base model among the inputs
 */
record RescaleScan(int base, List<TaskVectorMerge.Term> models) implements Scan {
  /** A norm below this, before or after, leaves the task vector as it is. */
  private static final double LEAST_NORM = 1e-7;

  RescaleScan {
    models = List.copyOf(models);
  }

  /** The models, each with the factor that restores its norm. */
  static List<TaskVectorMerge.Term> rescale(List<TaskVectorMerge.Term> models, Statistic found) {
    PartialSums norms = (PartialSums) found;
    List<TaskVectorMerge.Term> rescaled = new ArrayList<>();
    for (int i = 0; i < models.size(); i++) {
      TaskVectorMerge.Term model = models.get(i);
      double before = norms.total(2 * i);
      double after = norms.total(2 * i + 1);
      float norm = before < LEAST_NORM || after < LEAST_NORM ? 1 : (float) (before / after);
      rescaled.add(new TaskVectorMerge.Term(model.input(), model.weight(), model.drop(), norm));
    }
    return rescaled;
  }

  @Override
  public <V> BlockScan open(Kernels<V> kernels) {
    V origin = kernels.vector();
    V taskVector = kernels.vector();
    List<Drop.BlockDrop<V>> drops = new ArrayList<>();
    for (TaskVectorMerge.Term model : models) {
      drops.add(((Drop.Settled) model.drop()).open(kernels));
    }
    PartialSums.Builder sums = new PartialSums.Builder(2 * models.size());
    return new BlockScan() {
      @Override
      public void scan(Block block, List<Operand> inputs) {
        kernels.begin(block);
        sums.begin(block);
        kernels.load(inputs.get(base), origin);
        for (int i = 0; i < models.size(); i++) {
          kernels.loadDifference(inputs.get(models.get(i).input()), origin, taskVector);
          kernels.addMagnitudes(taskVector, sums.sum(2 * i));
          drops.get(i).apply(block, taskVector);
          kernels.addMagnitudes(taskVector, sums.sum(2 * i + 1));
        }
      }

      @Override
      public Statistic found() {
        return sums.found();
      }
    };
  }
}
