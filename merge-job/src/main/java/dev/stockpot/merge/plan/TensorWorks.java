package dev.stockpot.merge.plan;

import dev.stockpot.kernels.method.MatrixProgram;
import dev.stockpot.kernels.method.MergeMethod;
import dev.stockpot.kernels.method.MergeProgram;
import dev.stockpot.kernels.method.ParameterValues;
import dev.stockpot.kernels.method.TensorTerms;
import dev.stockpot.kernels.methods.MergeMethods;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.random.Numbers;
import dev.stockpot.kernels.random.Rounding;
import dev.stockpot.merge.model.TensorSource;
import dev.stockpot.merge.output.OutputTensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Makes the work of merging single tensors, with how their results are rounded.
 *
 * @param hasOrigin whether the method starts from a base, so that there are task vectors
 * @param rounding to types of 16 bits
 */
record TensorWorks(boolean hasOrigin, Rounding.Mode rounding, long seed) {

  /**
   * What a method does to make a tensor.
   *
   * @param models in the order of the terms
   * @param beside side inputs, in the order of the terms
   */
  TensorWork of(
      MergeMethod method,
      TensorTerms terms,
      OutputTensor output,
      List<TensorSource> models,
      List<TensorSource> beside) {
    Optional<Numbers> numbers = method.numbers(terms);
    if (numbers.isPresent()) {
      return new Generate(output, numbers.get(), rounded(output));
    }
    Optional<MatrixProgram> matrix = method.matrixProgram(terms);
    if (matrix.isPresent()) {
      List<TensorSource> all = new ArrayList<>(models);
      all.addAll(beside);
      return new Whole(
          output, all, matrix.get(), rounded(output), viewed(models.size(), terms.base()));
    }
    Blockwise.Sides sides = new Blockwise.Sides(beside, method.sideOutputs());
    return merge(output, models, method.program(terms), terms.base()).with(sides);
  }

  /**
   * A merge, and steps behind it; just the merge where there are none.
   *
   * @param models in the order of the terms
   * @param beside side inputs, in the order of the terms
   */
  TensorWork of(
      MergeMethod method,
      TensorTerms terms,
      OutputTensor output,
      List<TensorSource> models,
      List<TensorSource> beside,
      Steps.OfTensor steps) {
    if (steps.isEmpty()) {
      return of(method, terms, output, models, beside);
    }
    OutputTensor wide = new OutputTensor(output.name(), DType.F64, output.shape());
    return new Revised(
        output,
        of(method, terms, wide, models, beside),
        new Revised.After(steps.programs(), viewed(models.size(), terms.base()), steps.beside()),
        rounded(output));
  }

  private Viewed viewed(int models, OptionalInt base) {
    return new Viewed(models, hasOrigin ? base.orElse(Blockwise.NO_ORIGIN) : Blockwise.NO_ORIGIN);
  }

  private Rounding rounded(OutputTensor output) {
    return output.dtype().bits() > 16 // which rounds nothing
        ? Rounding.NEAREST
        : Rounding.of(rounding, seed, output.name());
  }

  /**
   * A merge.
   *
   * @param base which of the inputs is the base model
   */
  Blockwise merge(
      OutputTensor output, List<TensorSource> inputs, MergeProgram program, OptionalInt base) {
    int origin = hasOrigin ? base.orElse(Blockwise.NO_ORIGIN) : Blockwise.NO_ORIGIN;
    return new Blockwise(output, inputs, program, rounded(output), origin, Blockwise.Sides.NONE);
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
