package dev.stockpot.kernels.methods.consensus;

import static dev.stockpot.kernels.method.Parameter.Scope.MERGE;

import dev.stockpot.kernels.method.Arity;
import dev.stockpot.kernels.method.Cost;
import dev.stockpot.kernels.method.MergeMethod;
import dev.stockpot.kernels.method.MergeProgram;
import dev.stockpot.kernels.method.MethodCard;
import dev.stockpot.kernels.method.Parameter;
import dev.stockpot.kernels.method.Range;
import dev.stockpot.kernels.method.TensorTerms;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Sparse task vectors: what one model alone changed counts whole, what several changed is averaged.
 *
 * @param boosts whether what one model alone changed is scaled up by what it shares
 */
record Ram(String name, boolean boosts, MethodCard card) implements MergeMethod {
  private static final Parameter<Double> R =
      Parameter.optional(
          "r", MERGE, Range.Numbers.NOT_NEGATIVE, 0.1, "how much sharing scales up; 0 is ram");

  private static final Parameter<Double> ALPHA =
      Parameter.optional(
          "alpha", MERGE, Range.Numbers.NOT_NEGATIVE, 0.2, "limit of the share that counts");

  private static final Parameter<Double> EPSILON =
      Parameter.optional(
          "epsilon",
          MERGE,
          Range.Numbers.NOT_NEGATIVE,
          1e-5,
          "a difference to the base up to this is no change");

  private static final String REFERENCE =
      "Yuan et al. 2026, Behavior knowledge merge in reinforced agentic models, arXiv:2601.13572";

  static final Ram RAM =
      new Ram(
          "ram",
          false,
          new MethodCard(
              "changes of one model alone kept whole, changes of several averaged",
              "θ = θ₀ + Σ δᵢaᵢ / max(1, Σ aᵢ), aᵢ = [|δᵢ| > epsilon]",
              "Models trained by reinforcement learning, whose task vectors are zero in most places. A"
                  + " plain average would dilute what each learned alone.",
              REFERENCE,
              Cost.LOOK));

  static final Ram RAMPLUS_TL =
      new Ram(
          "ramplus_tl",
          true,
          new MethodCard(
              "as ram, with what a model changed alone scaled up by how much it shares",
              "θ = θ₀ + Σ δᵢaᵢλᵢ where Σ aᵢ = 1, else θ₀ + Σ δᵢaᵢ / max(1, Σ aᵢ);"
                  + " λᵢ = 1 + r·min(alpha, shared elements of δᵢ / elements of its own), per tensor",
              "As ram, where averaging what is shared costs a model too much of its skill.",
              REFERENCE,
              Cost.LOOK));

  @Override
  public List<Parameter<?>> parameters() {
    List<Parameter<?>> parameters = new ArrayList<>();
    if (boosts) {
      parameters.add(R);
      parameters.add(ALPHA);
    }
    parameters.add(EPSILON);
    return parameters;
  }

  @Override
  public Arity arity() {
    return new Arity(Arity.Base.ORIGIN, 1, Arity.ANY);
  }

  @Override
  public MergeProgram program(TensorTerms terms) {
    arity().check(name, terms);
    SparseTaskVectors sparse =
        new SparseTaskVectors(
            terms.baseOf(name), terms.besideBase(), terms.merge().get(EPSILON).floatValue());
    return boosts
        ? new LoneBoost(sparse, terms.merge().get(R), terms.merge().get(ALPHA))
        : new SharedAndLone(sparse, Collections.nCopies(sparse.models().size(), 1f));
  }
}
