package dev.stockpot.kernels.methods.average;

import dev.stockpot.kernels.method.MergeMethod;
import dev.stockpot.kernels.method.MergeProgram;
import java.util.List;

/** Averages of whole models, and models as they are. */
public final class AverageMethods {
  /** In the order in which they are listed. */
  public static final List<MergeMethod> ALL =
      List.of(
          new Linear(),
          new CheckpointAverage(),
          new RunningAverage(),
          new PostHocEma(),
          new UniformSoup(),
          new Passthrough());

  private AverageMethods() {}

  /** {@code (c₀x₀ + c₁x₁ + …) / divisor} of all inputs, in their order. */
  public static MergeProgram weightedSum(List<Float> coefficients, float divisor) {
    return new WeightedSum(coefficients, divisor);
  }

  /**
   * The same of some inputs.
   *
   * @param inputs places of those that are summed, one for each coefficient
   */
  public static MergeProgram weightedSum(
      List<Integer> inputs, List<Float> coefficients, float divisor) {
    return new WeightedSum(inputs, coefficients, divisor);
  }
}
