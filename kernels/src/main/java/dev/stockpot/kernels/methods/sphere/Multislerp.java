package dev.stockpot.kernels.methods.sphere;

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

/** The weighted mean direction of any number of models, at their mean norm. */
final class Multislerp implements MergeMethod {
  private static final Parameter<Double> WEIGHT =
      Parameter.required("weight", MODEL, Range.Numbers.ANY, "share of the model in the mean");

  private static final Parameter<Boolean> NORMALIZE =
      Parameter.optional(
          "normalize_weights", MERGE, new Range.Flag(), true, "divide the weights by their sum");

  private static final Parameter<Double> EPS =
      Parameter.optional(
          "eps",
          MERGE,
          Range.Numbers.NOT_NEGATIVE,
          1e-8,
          "added to norms; a mean direction shorter than this is none");

  @Override
  public String name() {
    return "multislerp";
  }

  @Override
  public MethodCard card() {
    return new MethodCard(
        "weighted mean direction of the models, or of their task vectors, at their mean norm",
        "θ = m/‖m‖ · Σ wᵢ‖θᵢ‖, m = Σ wᵢ θᵢ/(‖θᵢ‖ + eps); with a base model the same of δᵢ, on θ₀;"
            + " the plain weighted sum where ‖m‖ < eps",
        "Three or more models of one family, where slerp takes two. The tangent step of the published"
            + " rule is zero for every input, so this closed form is all of it.",
        "Goddard et al. 2024, mergekit, arXiv:2403.13257, method multislerp",
        Cost.LOOK);
  }

  @Override
  public List<Parameter<?>> parameters() {
    return List.of(WEIGHT, NORMALIZE, EPS);
  }

  @Override
  public Arity arity() {
    return new Arity(Arity.Base.ORIGIN_IF_GIVEN, 1, Arity.ANY);
  }

  @Override
  public Optional<String> problemWith(TensorTerms terms) {
    return terms.merge().get(NORMALIZE) && total(weights(terms)) == 0
        ? Optional.of("weights sum to zero; change one, or set %s: false".formatted(NORMALIZE))
        : Optional.empty();
  }

  @Override
  public MergeProgram program(TensorTerms terms) {
    arity().check(name(), terms);
    List<Double> weights = weights(terms);
    double divisor = terms.merge().get(NORMALIZE) ? total(weights) : 1;
    List<Double> shares = weights.stream().map(weight -> weight / divisor).toList();
    return new SpanMerge(GramScan.of(terms), new MeanDirection(shares, terms.merge().get(EPS)));
  }

  private static List<Double> weights(TensorTerms terms) {
    return terms.besideBase().stream().map(input -> terms.models().get(input).get(WEIGHT)).toList();
  }

  private static double total(List<Double> weights) {
    return weights.stream().mapToDouble(Double::doubleValue).sum();
  }

  private record MeanDirection(List<Double> shares, double eps) implements SpanMerge.Rule {
    @Override
    public double[] weights(Gram gram) {
      double[] mean = new double[shares.size()];
      double norm = 0;
      for (int i = 0; i < mean.length; i++) {
        double length = gram.norm(i) + eps;
        mean[i] = length == 0 ? 0 : shares.get(i) / length;
        norm += shares.get(i) * gram.norm(i);
      }
      double length = gram.normOf(mean);
      if (length <= eps) {
        return shares.stream().mapToDouble(Double::doubleValue).toArray();
      }
      for (int i = 0; i < mean.length; i++) {
        mean[i] *= norm / length;
      }
      return mean;
    }
  }
}
