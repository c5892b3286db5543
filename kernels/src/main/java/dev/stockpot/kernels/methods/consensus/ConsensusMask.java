package dev.stockpot.kernels.methods.consensus;

import static dev.stockpot.kernels.method.Parameter.Scope.MERGE;
import static dev.stockpot.kernels.method.Parameter.Scope.MODEL;

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
import java.util.Optional;

/** Task arithmetic where enough models have a say in an element; the base elsewhere. */
final class ConsensusMask implements MergeMethod {
  private static final Parameter<Double> LAMBDA_T =
      Parameter.optional(
          "lambda_t",
          MODEL,
          Range.Numbers.NOT_NEGATIVE,
          0.4,
          "how large a model's change must be beside all others' to matter to it");

  private static final Parameter<Integer> K =
      Parameter.optional(
          "k", MERGE, new Range.Whole(0), 2, "models that an element must matter to");

  private static final Parameter<Double> LAMBDA =
      Parameter.optional(
          "lambda", MERGE, Range.Numbers.ANY, 1.0, "factor on the merged task vector");

  @Override
  public String name() {
    return "consensus";
  }

  @Override
  public MethodCard card() {
    return new MethodCard(
        "sum of task vectors, in elements that matter to several models",
        "θ = θ₀ + λ·δ·[Σ mᵢ ≥ k], δ = Σ δᵢ, mᵢ = [|δᵢ| ≥ lambda_t·|δ − δᵢ|]",
        "Many fine-tunes on different tasks: what matters to no model or to one alone is mostly noise"
            + " to the others. lambda_t 0.2 to 0.6, more for a model that may interfere less.",
        "Wang et al. 2024, Localizing task information, arXiv:2405.07813",
        Cost.LOOK);
  }

  @Override
  public List<Parameter<?>> parameters() {
    return List.of(LAMBDA_T, K, LAMBDA);
  }

  @Override
  public Arity arity() {
    return new Arity(Arity.Base.ORIGIN, 1, Arity.ANY);
  }

  @Override
  public Optional<String> problemWith(TensorTerms terms) {
    int k = terms.merge().get(K);
    int models = terms.besideBase().size();
    return k > models
        ? Optional.of(
            "k is %s of %s models, so nothing would be kept; lower it".formatted(k, models))
        : Optional.empty();
  }

  @Override
  public MergeProgram program(TensorTerms terms) {
    arity().check(name(), terms);
    List<Integer> models = terms.besideBase();
    List<Float> thresholds =
        models.stream().map(model -> terms.models().get(model).get(LAMBDA_T).floatValue()).toList();
    return new Program(
        terms.baseOf(name()),
        models,
        thresholds,
        terms.merge().get(K),
        terms.merge().get(LAMBDA).floatValue());
  }

  private record Program(
      int base, List<Integer> models, List<Float> thresholds, int k, float lambda)
      implements MergeProgram {
    @Override
    public <V> BlockMerge open(Kernels<V> kernels) {
      TaskVectors<V> taskVectors = new TaskVectors<>(kernels, base, models);
      V sum = kernels.vector();
      V others = kernels.vector();
      V against = kernels.vector();
      float most = models.size() - k + 0.5f; // between two counts, so that neither equals it
      return (block, inputs, output) -> {
        taskVectors.load(block, inputs);
        kernels.zero(sum);
        kernels.zero(against);
        for (V taskVector : taskVectors.vectors()) {
          kernels.add(sum, taskVector, sum);
        }
        for (int i = 0; i < models.size(); i++) {
          V taskVector = taskVectors.vectors().get(i);
          kernels.subtract(sum, taskVector, others);
          kernels.scale(others, thresholds.get(i), others);
          kernels.largest(taskVector, others, others);
          kernels.subtract(others, taskVector, others); // zero where the model's change is as large
          kernels.addWhereNotZero(others, 1, against);
        }
        kernels.keepAbove(against, most, against);
        kernels.keepWhereNotZero(sum, against, against);
        kernels.subtract(sum, against, sum); // a NaN does not cancel
        if (lambda != 1) {
          kernels.scale(sum, lambda, sum);
        }
        kernels.add(taskVectors.origin(), sum, sum);
        kernels.store(sum, output);
      };
    }
  }
}
