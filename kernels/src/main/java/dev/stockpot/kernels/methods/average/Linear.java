package dev.stockpot.kernels.methods.average;

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
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/** The weighted average: model soups, averages of checkpoints. */
final class Linear implements MergeMethod {
  private static final Parameter<Double> WEIGHT =
      Parameter.required("weight", MODEL, Range.Numbers.ANY, "share of the model in the average");

  private static final Parameter<Boolean> NORMALIZE =
      Parameter.optional(
          "normalize", MERGE, new Range.Flag(), true, "divide by the sum of the weights");

  @Override
  public String name() {
    return "linear";
  }

  @Override
  public MethodCard card() {
    return new MethodCard(
        "weighted average of the models",
        "θ = Σ wᵢθᵢ / Σ wᵢ",
        "Fine-tunes of one base on similar data, or checkpoints of one run. Weights sum to anything;"
            + " only their ratio counts unless normalize is false.",
        "Wortsman et al. 2022, Model soups, arXiv:2203.05482",
        Cost.SUM);
  }

  @Override
  public List<Parameter<?>> parameters() {
    return List.of(WEIGHT, NORMALIZE);
  }

  @Override
  public Arity arity() {
    return new Arity(Arity.Base.DONOR, 1, Arity.ANY);
  }

  @Override
  public Optional<String> problemWith(TensorTerms terms) {
    return terms.merge().get(NORMALIZE) && totalWeight(terms) == 0
        ? Optional.of("weights sum to zero; change one, or set normalize: false")
        : Optional.empty();
  }

  @Override
  public OptionalInt alone(TensorTerms terms) {
    List<Integer> heard =
        IntStream.range(0, terms.models().size())
            .filter(input -> terms.models().get(input).get(WEIGHT) != 0)
            .boxed()
            .toList();
    boolean isWhole =
        heard.size() == 1
            && (terms.merge().get(NORMALIZE) || terms.models().get(heard.get(0)).get(WEIGHT) == 1);
    return isWhole ? OptionalInt.of(heard.get(0)) : OptionalInt.empty();
  }

  @Override
  public MergeProgram program(TensorTerms terms) {
    arity().check(name(), terms);
    List<Float> weights =
        terms.models().stream().map(model -> model.get(WEIGHT).floatValue()).toList();
    return new WeightedSum(weights, terms.merge().get(NORMALIZE) ? totalWeight(terms) : 1);
  }

  private static float totalWeight(TensorTerms terms) {
    return (float) terms.models().stream().mapToDouble(model -> model.get(WEIGHT)).sum();
  }
}
