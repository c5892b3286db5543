package dev.stockpot.kernels.methods.sphere;

import static dev.stockpot.kernels.method.Parameter.Scope.MERGE;

import dev.stockpot.kernels.method.Arity;
import dev.stockpot.kernels.method.MergeMethod;
import dev.stockpot.kernels.method.MergeProgram;
import dev.stockpot.kernels.method.MethodCard;
import dev.stockpot.kernels.method.Parameter;
import dev.stockpot.kernels.method.Range;
import dev.stockpot.kernels.method.TensorTerms;
import java.util.List;

/** The mean of the models' directions on the sphere, at their mean norm. */
final class Karcher implements MergeMethod {
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
        "Wang et al. 2026, Functionality-oriented LLM merging, arXiv:2603.04972");
  }

  @Override
  public List<Parameter> parameters() {
    return List.of(
        Parameter.optional("max_iter", MERGE, new Range.Whole(1), 10.0, "steps at most"),
        Parameter.optional(
            "tol",
            MERGE,
            Range.Numbers.NOT_NEGATIVE,
            1e-5,
            "a shorter step is the last; a model of a smaller norm has no direction"));
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
        new KarcherMean((int) terms.merge().number("max_iter"), terms.merge().number("tol")));
  }
}
