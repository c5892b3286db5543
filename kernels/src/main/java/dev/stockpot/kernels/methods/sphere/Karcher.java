package dev.stockpot.kernels.methods.sphere;

import static dev.stockpot.kernels.method.Parameter.Scope.MERGE;

import dev.stockpot.kernels.method.Arity;
import dev.stockpot.kernels.method.Cost;
import dev.stockpot.kernels.method.MergeMethod;
import dev.stockpot.kernels.method.MergeProgram;
import dev.stockpot.kernels.method.MethodCard;
import dev.stockpot.kernels.method.Parameter;
import dev.stockpot.kernels.method.Range;
import dev.stockpot.kernels.method.TensorTerms;
import java.util.List;

/** The mean of the models' directions on the sphere, at their mean norm. */
final class Karcher implements MergeMethod {
  private static final Parameter<Integer> MAX_ITER =
      Parameter.optional("max_iter", MERGE, new Range.Whole(1), 10, "steps at most");

  private static final Parameter<Double> TOL =
      Parameter.optional(
          "tol",
          MERGE,
          Range.Numbers.NOT_NEGATIVE,
          1e-5,
          "a shorter step is the last; a model of a smaller norm has no direction");

  @Override
  public String name() {
    return "karcher";
  }

  @Override
  public MethodCard card() {
    return new MethodCard(
        "mean direction of the models on the sphere, at their mean norm",
        "θ = (Σ ‖θᵢ‖ / N) · u, u = argmin Σ ∠(u, θᵢ)², found by u ← exp_u(Σ log_u(θᵢ/‖θᵢ‖) / N)",
        "Any number of models of one family, none preferred: slerp at one half for more than two."
            + " The steps are taken on the inner products, so more of them cost nothing.",
        "Wang et al. 2026, Functionality-oriented LLM merging, arXiv:2603.04972",
        Cost.LOOK);
  }

  @Override
  public List<Parameter<?>> parameters() {
    return List.of(MAX_ITER, TOL);
  }

  @Override
  public Arity arity() {
    return new Arity(Arity.Base.DONOR, 1, Arity.ANY);
  }

  @Override
  public MergeProgram program(TensorTerms terms) {
    arity().check(name(), terms);
    return new SpanMerge(
        GramScan.ofFirst(terms.models().size()),
        new SphereMean(terms.merge().get(MAX_ITER), terms.merge().get(TOL)));
  }
}
