package dev.stockpot.kernels.methods.taskvector;

import dev.stockpot.kernels.Kernels;
import dev.stockpot.kernels.Operand;
import dev.stockpot.kernels.block.Block;
import dev.stockpot.kernels.method.Scan;
import dev.stockpot.kernels.statistic.Statistic;
import java.util.List;

/**
 * One look at the variance of the task vectors.
 *
 * @param base place of the base model among the inputs
 * @param models places of the others
 */
record VarianceScan(int base, List<Integer> models, Drop.Unsettled selection) implements Scan {
  VarianceScan {
    models = List.copyOf(models);
  }

  @Override
  public <V> BlockScan open(Kernels<V> kernels) {
    TaskVectors<V> taskVectors = new TaskVectors<>(kernels, base, models);
    Variance<V> variance = new Variance<>(kernels);
    V variances = kernels.vector();
    Drop.BlockLook<V> look = selection.look(kernels);
    return new BlockScan() {
      @Override
      public void scan(Block block, List<Operand> inputs) {
        taskVectors.load(block, inputs);
        variance.of(taskVectors.vectors(), variances);
        look.look(block, variances);
      }

      @Override
      public Statistic found() {
        return look.found();
      }
    };
  }
}
