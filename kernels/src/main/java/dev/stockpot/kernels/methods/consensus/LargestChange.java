package dev.stockpot.kernels.methods.consensus;

import static dev.stockpot.kernels.method.Parameter.Scope.MERGE;

import dev.stockpot.kernels.Kernels;
import dev.stockpot.kernels.method.Arity;
import dev.stockpot.kernels.method.BlockMerge;
import dev.stockpot.kernels.method.Cost;
import dev.stockpot.kernels.method.MergeMethod;
import dev.stockpot.kernels.method.MergeProgram;
import dev.stockpot.kernels.method.MethodCard;
import dev.stockpot.kernels.method.Parameter;
import dev.stockpot.kernels.method.Range;
import dev.stockpot.kernels.method.TensorTerms;
import dev.stockpot.kernels.methods.taskvector.TaskVectors;
import java.util.List;

/**
 * Of each element the largest change that a model made to it.
 *
 * @param among which changes are looked at
 */
record LargestChange(String name, Among among, MethodCard card) implements MergeMethod {
  private static final Parameter<Double> LAMBDA =
      Parameter.optional(
          "lambda", MERGE, Range.Numbers.ANY, 1.0, "factor on the merged task vector");

  /** The changes of an element that take part. */
  enum Among {
    ALL,
    /** Those that have the sign of the sum of all. */
    AGREEING
  }

  static final LargestChange MAGMAX =
      new LargestChange(
          "magmax",
          Among.ALL,
          new MethodCard(
              "of each element the change of largest magnitude",
              "θ = θ₀ + λ δₘ, m = argmax |δᵢ| element by element, the first of equal ones",
              "Models fine-tuned one after the other on task upon task. The paper takes lambda 0.5.",
              "Marczak et al. 2024, MagMax, arXiv:2407.06322",
              Cost.LOOK));

  static final LargestChange EMR =
      new LargestChange(
          "emr",
          Among.AGREEING,
          new MethodCard(
              "of each element the largest change among those that agree in sign",
              "θ = θ₀ + λ·s·max |δᵢ|[sign δᵢ = s], s = sign(Σ δᵢ)",
              "The unified task vector of EMR-merging, which its masks and scales tailor to each task."
                  + " Without those it is larger than any model's own: lower lambda.",
              "Huang et al. 2024, EMR-merging, arXiv:2405.17461",
              Cost.LOOK));

  @Override
  public List<Parameter<?>> parameters() {
    return List.of(LAMBDA);
  }

  @Override
  public Arity arity() {
    return new Arity(Arity.Base.ORIGIN, 1, Arity.ANY);
  }

  @Override
  public MergeProgram program(TensorTerms terms) {
    arity().check(name, terms);
    return new Program(
        terms.baseOf(name), terms.besideBase(), among, terms.merge().get(LAMBDA).floatValue());
  }

  private record Program(int base, List<Integer> models, Among among, float lambda)
      implements MergeProgram {
    @Override
    public <V> BlockMerge open(Kernels<V> kernels) {
      TaskVectors<V> taskVectors = new TaskVectors<>(kernels, base, models);
      V sum = kernels.vector();
      V largest = kernels.vector();
      return (block, inputs, output) -> {
        taskVectors.load(block, inputs);
        if (among == Among.AGREEING) {
          kernels.zero(sum);
          taskVectors.vectors().forEach(taskVector -> kernels.add(sum, taskVector, sum));
          taskVectors
              .vectors()
              .forEach(taskVector -> kernels.keepSign(taskVector, sum, taskVector));
        }
        kernels.zero(largest);
        taskVectors.vectors().forEach(taskVector -> kernels.largest(largest, taskVector, largest));
        if (lambda != 1) {
          kernels.scale(largest, lambda, largest);
        }
        kernels.add(taskVectors.origin(), largest, largest);
        kernels.store(largest, output);
      };
    }
  }
}
