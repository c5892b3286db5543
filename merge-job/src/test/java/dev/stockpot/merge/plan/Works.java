package dev.stockpot.merge.plan;

import dev.stockpot.kernels.method.MergeMethod;
import dev.stockpot.kernels.method.MergeProgram;
import dev.stockpot.kernels.method.Parameter;
import dev.stockpot.kernels.method.Parameter.Scope;
import dev.stockpot.kernels.method.ParameterValues;
import dev.stockpot.kernels.method.SideOutput;
import dev.stockpot.kernels.method.TensorTerms;
import dev.stockpot.kernels.methods.MergeMethods;
import dev.stockpot.kernels.methods.average.AverageMethods;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Shape;
import dev.stockpot.kernels.random.Rounding;
import dev.stockpot.merge.methods.GroupLength;
import dev.stockpot.merge.model.TensorSource;
import dev.stockpot.merge.output.OutputTensor;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;

/** Works on a tensor {@code x} that exist only as records, for tests of plans. */
final class Works {
  private Works() {}

  static final long PAGE = 4096;

  static PlanSettings settings(long shardBytes, long partBytes, long taskBytes) {
    return new PlanSettings(
        shardBytes, partBytes, taskBytes, Planning.DEFAULTS.missing(), Planning.DEFAULTS.layout());
  }

  /** The tensor of a model, as it is stored in a file of its own. */
  static TensorSource stored(String model, DType type, long... shape) {
    return ModelHeaders.named(model).tensor("x", type, shape).open().tensors().get("x");
  }

  static TensorSource stored(DType type, long... shape) {
    return stored("a", type, shape);
  }

  static OutputTensor output(DType type, long... shape) {
    return new OutputTensor("x", type, Shape.of(shape));
  }

  static Copy copy(TensorSource source) {
    return new Copy(new OutputTensor("x", source.dtype(), source.shape()), source);
  }

  /** The sum of some tensors. */
  static Blockwise sum(DType type, TensorSource... inputs) {
    return merge(
        type, AverageMethods.weightedSum(Collections.nCopies(inputs.length, 1f), 1), inputs);
  }

  static Blockwise merge(DType type, MergeProgram program, TensorSource... inputs) {
    return new Blockwise(
        new OutputTensor("x", type, inputs[0].shape()),
        List.of(inputs),
        program,
        Rounding.NEAREST,
        Blockwise.NO_ORIGIN,
        Blockwise.Sides.NONE);
  }

  /** A program that looks at all of a tensor first, of models of which the last is the base. */
  static MergeProgram ties(int models, Shape shape) {
    MergeMethod ties = MergeMethods.named("ties").orElseThrow();
    return ties.program(
        new TensorTerms(
            "x",
            shape,
            0,
            Collections.nCopies(models, values(ties, Scope.MODEL)),
            OptionalInt.of(models - 1),
            values(ties, Scope.MERGE),
            0));
  }

  /** Defaults, and a half of what has none or is a density. */
  private static ParameterValues values(MergeMethod method, Scope scope) {
    Map<String, Object> values = new TreeMap<>();
    for (Parameter<?> parameter : method.parameters()) {
      if (parameter.scope() == scope) {
        values.put(parameter.name(), parameter.plainStandard().orElse(0.5));
      }
    }
    values.computeIfPresent("density", (name, standard) -> 0.5);
    return new ParameterValues(values);
  }

  /** A program that looks at all tensors of a group first. */
  static MergeProgram group(String name, int models) {
    return new GroupLength()
        .program(
            new TensorTerms(
                "x." + name,
                Shape.of(8),
                0,
                Collections.nCopies(models, ParameterValues.NONE),
                OptionalInt.empty(),
                ParameterValues.NONE,
                0));
  }

  static SideOutput side(String name, DType type) {
    return new SideOutput(name, type, "a test");
  }
}
