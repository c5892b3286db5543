package dev.stockpot.kernels.methods.taskvector;

import static dev.stockpot.kernels.method.Parameter.Scope.MERGE;
import static dev.stockpot.kernels.method.Parameter.Scope.MODEL;

import dev.stockpot.kernels.method.Arity;
import dev.stockpot.kernels.method.Cost;
import dev.stockpot.kernels.method.MergeMethod;
import dev.stockpot.kernels.method.MergeProgram;
import dev.stockpot.kernels.method.MethodCard;
import dev.stockpot.kernels.method.Parameter;
import dev.stockpot.kernels.method.Range;
import dev.stockpot.kernels.method.TensorTerms;
import java.util.List;

/** Task arithmetic that trusts deep layers more than shallow ones. */
final class Lines implements MergeMethod {
  private static final Parameter<Double> WEIGHT =
      Parameter.optional(
          "weight", MODEL, Range.Numbers.ANY, 1.0, "factor on the model's task vector");

  private static final Parameter<Double> ALPHA =
      Parameter.required("alpha", MERGE, Range.Numbers.ANY, "factor in the first layer");

  private static final Parameter<Double> BETA =
      Parameter.required(
          "beta",
          MERGE,
          Range.Numbers.ANY,
          "what the last layer's factor has on top; 0 is task arithmetic");

  @Override
  public String name() {
    return "lines";
  }

  @Override
  public MethodCard card() {
    return new MethodCard(
        "task arithmetic by a factor that grows with the depth of the layer",
        "θ = θ₀ + (alpha + beta·l/(L−1)) Σ wᵢ(θᵢ − θ₀) in layer l of L; embeddings, final norm and"
            + " head by alpha",
        "Fine-tunes that should keep what the base knows in general, which sits in shallow layers. One"
            + " model: beta = 1 − alpha. Several: alpha below 1/N, beta from 0.5 to 1.",
        "Wang et al. 2024, LiNeS, arXiv:2410.17146",
        Cost.LOOK);
  }

  @Override
  public List<Parameter<?>> parameters() {
    return List.of(WEIGHT, ALPHA, BETA);
  }

  @Override
  public boolean followsDepth() {
    return true;
  }

  @Override
  public Arity arity() {
    return new Arity(Arity.Base.ORIGIN, 1, Arity.ANY);
  }

  @Override
  public MergeProgram program(TensorTerms terms) {
    arity().check(name(), terms);
    double factor = terms.merge().get(ALPHA) + terms.merge().get(BETA) * terms.depth();
    List<Integer> models = terms.besideBase();
    List<Float> weights =
        models.stream().map(model -> terms.models().get(model).get(WEIGHT).floatValue()).toList();
    return TaskVectorMerge.weightedSum(terms.baseOf(name()), models, weights, (float) factor);
  }
}
