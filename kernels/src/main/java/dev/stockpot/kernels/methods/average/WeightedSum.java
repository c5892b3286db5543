package dev.stockpot.kernels.methods.average;

import dev.stockpot.kernels.Kernels;
import dev.stockpot.kernels.method.BlockMerge;
import dev.stockpot.kernels.method.MergeProgram;
import java.util.List;
import java.util.stream.IntStream;

/**
 * {@code (c₀x₀ + c₁x₁ + …) / divisor}, in the order of the inputs.
 *
 * @param inputs places of those that are summed
 * @param coefficients one for each of them
 * @param divisor 1 for none
 */
record WeightedSum(List<Integer> inputs, List<Float> coefficients, float divisor)
    implements MergeProgram {
  WeightedSum {
    inputs = List.copyOf(inputs);
    coefficients = List.copyOf(coefficients);
  }

  /** Of all inputs. */
  WeightedSum(List<Float> coefficients, float divisor) {
    this(IntStream.range(0, coefficients.size()).boxed().toList(), coefficients, divisor);
  }

  @Override
  public <V> BlockMerge open(Kernels<V> kernels) {
    V sum = kernels.vector();
    return (block, operands, output) -> {
      kernels.begin(block);
      kernels.load(
          operands.get(inputs.get(0)),
          sum); // not added to a zero, which would lose a negative zero
      kernels.scale(sum, coefficients.get(0), sum);
      for (int i = 1; i < coefficients.size(); i++) {
        kernels.addScaled(operands.get(inputs.get(i)), coefficients.get(i), sum);
      }
      if (divisor != 1) {
        kernels.divide(sum, divisor, sum);
      }
      kernels.store(sum, output);
    };
  }
}
