package dev.stockpot.kernels.methods.robust;

import static dev.stockpot.kernels.method.Parameter.Scope.MERGE;
import static dev.stockpot.kernels.method.Parameter.Scope.MODEL;

import dev.stockpot.kernels.method.Arity;
import dev.stockpot.kernels.method.Cost;
import dev.stockpot.kernels.method.MergeMethod;
import dev.stockpot.kernels.method.MergeProgram;
import dev.stockpot.kernels.method.MethodCard;
import dev.stockpot.kernels.method.Parameter;
import dev.stockpot.kernels.method.ParameterValues;
import dev.stockpot.kernels.method.Range;
import dev.stockpot.kernels.method.TensorTerms;
import java.util.List;
import java.util.Optional;

/** The point with the least sum of distances to the models, each model one point. */
final class GeometricMedian implements MergeMethod {
  private static final Parameter<Double> WEIGHT =
      Parameter.optional(
          "weight", MODEL, Range.Numbers.NOT_NEGATIVE, 1.0, "how much the model's distance counts");

  private static final Parameter<Integer> STEPS =
      Parameter.optional("max_iter", MERGE, new Range.Whole(1), 1000, "steps at most");

  @Override
  public String name() {
    return "geometric_median";
  }

  @Override
  public MethodCard card() {
    return new MethodCard(
        "the point with the least sum of distances to all models",
        "θ = argmin Σ wᵢ‖θ − θᵢ‖, found by smoothed Weiszfeld steps:"
            + " θ ← Σ βᵢθᵢ / Σ βᵢ, βᵢ = wᵢ / max(ν, ‖θ − θᵢ‖)",
        "Contributions that are not all to be trusted: as long as bad models have less than half of"
            + " the weight, they cannot move it far. Unlike median it keeps each model whole; its"
            + " steps are taken on the distances, so more of them cost nothing.",
        "Weiszfeld 1937; Pillutla et al. 2019, Robust aggregation for federated learning (RFA),"
            + " arXiv:1912.13445",
        Cost.LOOK);
  }

  @Override
  public List<Parameter<?>> parameters() {
    return List.of(
        WEIGHT, STEPS, RobustMethods.TOLERANCE, RobustMethods.SMOOTHING, DistanceMerge.GRANULARITY);
  }

  @Override
  public Arity arity() {
    return new Arity(Arity.Base.DONOR, 1, Arity.ANY);
  }

  @Override
  public Optional<String> problemWith(TensorTerms terms) {
    return total(terms) > 0
        ? Optional.empty()
        : Optional.of("all weights are zero; raise one above 0");
  }

  private static double total(TensorTerms terms) {
    return terms.models().stream().mapToDouble(model -> model.get(WEIGHT)).sum();
  }

  @Override
  public MergeProgram program(TensorTerms terms) {
    arity().check(name(), terms);
    double total = total(terms);
    List<Double> shares = terms.models().stream().map(model -> model.get(WEIGHT) / total).toList();
    ParameterValues merge = terms.merge();
    return DistanceMerge.of(
        terms,
        new Weiszfeld(
            shares,
            merge.get(STEPS),
            merge.get(RobustMethods.TOLERANCE),
            merge.get(RobustMethods.SMOOTHING)));
  }
}
