package dev.stockpot.kernels.methods.taskvector;

import dev.stockpot.kernels.Kernels;
import dev.stockpot.kernels.Operand;
import dev.stockpot.kernels.block.Block;
import dev.stockpot.kernels.method.Scan;
import dev.stockpot.kernels.statistic.PartialSums;
import dev.stockpot.kernels.statistic.Statistic;
import java.util.List;

/**
 * The sum of squares of each selected task vector.
 *
 * @param base place of the base model among the inputs
 * @param models places of the others
 */
record EnergyScan(int base, List<Integer> models, Drop.Settled selection) implements Scan {
  EnergyScan {
    models = List.copyOf(models);
  }

  @Override
  public <V> BlockScan open(Kernels<V> kernels) {
    SelectedTaskVectors<V> selected = new SelectedTaskVectors<>(kernels, base, models, selection);
    PartialSums.Builder sums = new PartialSums.Builder(models.size());
    return new BlockScan() {
      @Override
      public void scan(Block block, List<Operand> inputs) {
        List<V> taskVectors = selected.load(block, inputs);
        sums.begin(block);
        for (int i = 0; i < taskVectors.size(); i++) {
          kernels.addProducts(taskVectors.get(i), taskVectors.get(i), sums.sum(i));
        }
      }

      @Override
      public Statistic found() {
        return sums.found();
      }
    };
  }
}
