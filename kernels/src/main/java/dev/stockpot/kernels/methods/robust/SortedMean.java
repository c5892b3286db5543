package dev.stockpot.kernels.methods.robust;

import dev.stockpot.kernels.Kernels;
import dev.stockpot.kernels.SortingNetwork;
import dev.stockpot.kernels.method.BlockMerge;
import dev.stockpot.kernels.method.MergeProgram;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Sorts the values of all models element by element, and averages those that are neither among the
 * lowest nor among the highest few. A NaN in one model passes through the sort to the result.
 *
 * @param models their places among the inputs
 * @param skip how many are left out at either end; fewer than half
 */
record SortedMean(List<Integer> models, int skip) implements MergeProgram {
  SortedMean {
    models = List.copyOf(models);
    if (skip < 0 || 2 * skip >= models.size()) {
      throw new IllegalArgumentException(
          "%s of %s left out at either end".formatted(skip, models.size()));
    }
  }

  /** Of so many inputs, which are all of them. */
  SortedMean(int models, int skip) {
    this(IntStream.range(0, models).boxed().toList(), skip);
  }

  @Override
  public <V> BlockMerge open(Kernels<V> kernels) {
    int count = models.size();
    List<V> values = new ArrayList<>();
    for (int i = 0; i <= count; i++) { // sorting takes a spare one
      values.add(kernels.vector());
    }
    SortingNetwork network = SortingNetwork.of(count).decidingOnly(skip, count - skip);
    return (block, inputs, output) -> {
      kernels.begin(block);
      for (int i = 0; i < count; i++) {
        kernels.load(inputs.get(models.get(i)), values.get(i));
      }
      kernels.sort(network, values);
      V sum = values.get(skip);
      for (int i = skip + 1; i < count - skip; i++) {
        kernels.add(sum, values.get(i), sum);
      }
      int kept = count - 2 * skip;
      if (kept > 1) {
        kernels.divide(sum, kept, sum);
      }
      kernels.store(sum, output);
    };
  }
}
