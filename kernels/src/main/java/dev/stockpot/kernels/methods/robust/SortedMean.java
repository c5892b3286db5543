package dev.stockpot.kernels.methods.robust;

import dev.stockpot.kernels.Kernels;
import dev.stockpot.kernels.SortingNetwork;
import dev.stockpot.kernels.method.BlockMerge;
import dev.stockpot.kernels.method.MergeProgram;
import java.util.ArrayList;
import java.util.List;

/**
 * Sorts the values of all models element by element, and averages those that are neither among the
 * lowest nor among the highest few. A NaN in one model passes through the sort to the result.
 *
 * @param models how many
 * @param skip how many are left out at either end; fewer than half
 */
record SortedMean(int models, int skip) implements MergeProgram {
  SortedMean {
    if (skip < 0 || 2 * skip >= models) {
      throw new IllegalArgumentException("%s of %s left out at either end".formatted(skip, models));
    }
  }

  @Override
  public <V> BlockMerge open(Kernels<V> kernels) {
    List<V> values = new ArrayList<>();
    for (int i = 0; i <= models; i++) { // sorting takes a spare one
      values.add(kernels.vector());
    }
    SortingNetwork network = SortingNetwork.of(models).decidingOnly(skip, models - skip);
    return (block, inputs, output) -> {
      kernels.begin(block);
      for (int i = 0; i < models; i++) {
        kernels.load(inputs.get(i), values.get(i));
      }
      kernels.sort(network, values);
      V sum = values.get(skip);
      for (int i = skip + 1; i < models - skip; i++) {
        kernels.add(sum, values.get(i), sum);
      }
      int kept = models - 2 * skip;
      if (kept > 1) {
        kernels.divide(sum, kept, sum);
      }
      kernels.store(sum, output);
    };
  }
}
