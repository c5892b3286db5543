package dev.stockpot.merge.plan;

import dev.stockpot.kernels.method.MergeProgram;
import dev.stockpot.kernels.method.ParameterValues;
import dev.stockpot.kernels.method.TensorTerms;
import dev.stockpot.kernels.methods.MergeMethods;
import dev.stockpot.kernels.random.Rounding;
import dev.stockpot.merge.model.TensorSource;
import dev.stockpot.merge.output.OutputTensor;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * Makes the work of merging single tensors, with how their results are rounded.
 *
 * @param hasOrigin whether the method starts from a base, so that there are task vectors
 * @param rounding to types of 16 bits
 */
record TensorWorks(boolean hasOrigin, Rounding.Mode rounding, long seed) {

  /**
   * A merge.
   *
   * @param base which of the inputs is the base model
   */
  Blockwise merge(
      OutputTensor output, List<TensorSource> inputs, MergeProgram program, OptionalInt base) {
    int origin = hasOrigin ? base.orElse(Blockwise.NO_ORIGIN) : Blockwise.NO_ORIGIN;
    Rounding rounded =
        output.dtype().bits() > 16 // which rounds nothing
            ? Rounding.NEAREST
            : Rounding.of(rounding, seed, output.name());
    return new Blockwise(output, inputs, program, rounded, origin);
  }

  /** What keeps every value and changes its type. */
  Blockwise conversion(OutputTensor output, TensorSource input) {
    List<ParameterValues> unscaled = List.of(new ParameterValues(Map.of("scale", 1.0)));
    MergeProgram program =
        MergeMethods.named("passthrough")
            .orElseThrow()
            .program(
                new TensorTerms(
                    output.name(),
                    output.shape(),
                    0,
                    unscaled,
                    OptionalInt.empty(),
                    ParameterValues.NONE,
                    seed));
    return merge(output, List.of(input), program, OptionalInt.empty());
  }
}
