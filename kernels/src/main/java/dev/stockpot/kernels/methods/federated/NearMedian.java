package dev.stockpot.kernels.methods.federated;

import dev.stockpot.kernels.Kernels;
import dev.stockpot.kernels.Operand;
import dev.stockpot.kernels.method.BlockMerge;
import dev.stockpot.kernels.method.MergeProgram;
import java.util.Arrays;
import java.util.List;

/**
 * The mean of the values that are nearest to the median, element by element. Of sorted values these
 * lie side by side; of two that are equally far the lower one counts.
 *
 * @param inputs places of the models
 * @param nearest how many count; at least one, at most all
 */
record NearMedian(List<Integer> inputs, int nearest) implements MergeProgram {
  NearMedian {
    inputs = List.copyOf(inputs);
    if (nearest < 1 || nearest > inputs.size()) {
      throw new IllegalArgumentException("%s of %s models".formatted(nearest, inputs.size()));
    }
  }

  @Override
  public <V> BlockMerge open(Kernels<V> kernels) {
    V vector = kernels.vector();
    double[] values = new double[inputs.size()];
    return (block, operands, output) -> {
      List<Operand> models = inputs.stream().map(operands::get).toList();
      float[] made = new float[block.count()];
      for (int i = 0; i < made.length; i++) {
        for (int k = 0; k < values.length; k++) {
          values[k] = models.get(k).at(block.offset() + i);
        }
        Arrays.sort(values);
        made[i] = (float) meanNearMedian(values);
      }
      kernels.begin(block);
      kernels.load(made, vector);
      kernels.store(vector, output);
    };
  }

  private double meanNearMedian(double... sorted) {
    int count = sorted.length;
    double median = (sorted[(count - 1) / 2] + sorted[count / 2]) / 2;
    int first = 0;
    while (first + nearest < count && median - sorted[first] > sorted[first + nearest] - median) {
      first++;
    }
    double sum = 0;
    for (int i = first; i < first + nearest; i++) {
      sum += sorted[i];
    }
    return sum / nearest;
  }
}
