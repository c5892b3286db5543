package dev.stockpot.kernels.method;

import dev.stockpot.kernels.Kernels;
import java.util.List;

/**
 * {@code (c₀x₀ + c₁x₁ + …) / divisor}, in the order of the inputs.
 *
 * @param coefficients one for each input
 * @param divisor 1 for none
 */
record WeightedSum(List<Float> coefficients, float divisor) implements MergeProgram {
  WeightedSum {
    coefficients = List.copyOf(coefficients);
  }

  @Override
  public <V> BlockMerge open(Kernels<V> kernels) {
    V sum = kernels.vector();
    return (block, inputs, output) -> {
      kernels.begin(block);
      kernels.load(inputs.get(0), sum); // not added to a zero, which would lose a negative zero
      kernels.scale(sum, coefficients.get(0), sum);
      for (int i = 1; i < coefficients.size(); i++) {
        kernels.addScaled(inputs.get(i), coefficients.get(i), sum);
      }
      if (divisor != 1) {
        kernels.divide(sum, divisor, sum);
      }
      kernels.store(sum, output);
    };
  }
}
