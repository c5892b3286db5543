package dev.stockpot.kernels.methods.robust;

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
import java.util.Optional;

/** The average of the models that have the nearest neighbours. */
final class MultiKrum implements MergeMethod {
  private static final Parameter<Integer> BYZANTINE =
      Parameter.optional(
          "f",
          MERGE,
          new Range.Whole(0),
          1,
          "how many of the N models may be Byzantine: anything at all; at most (N − 3) / 2");

  private static final Parameter<Integer> SELECTED =
      Parameter.optional(
          "m",
          MERGE,
          new Range.Whole(0),
          0,
          "how many models are averaged, at most N − f; 1 is Krum, 0 stands for N − f");

  @Override
  public String name() {
    return "multi_krum";
  }

  @Override
  public MethodCard card() {
    return new MethodCard(
        "average of the m models that are nearest to their neighbours",
        "θ = mean of the m models of least score, sᵢ = Σ ‖θᵢ − θⱼ‖² over the N−f−2 models j that are"
            + " nearest to i; N ≥ 2f + 3",
        "Contributions of which up to f may be anything, also made to deceive (Byzantine): they are"
            + " left out whole. m = 1 is Krum.",
        "Blanchard et al. 2017, Machine learning with adversaries: Byzantine tolerant gradient"
            + " descent, arXiv:1703.02757",
        Cost.LOOK);
  }

  @Override
  public List<Parameter<?>> parameters() {
    return List.of(BYZANTINE, SELECTED, DistanceMerge.GRANULARITY);
  }

  @Override
  public Arity arity() {
    return new Arity(Arity.Base.DONOR, 3, Arity.ANY);
  }

  @Override
  public Optional<String> problemWith(TensorTerms terms) {
    int models = terms.models().size();
    int f = terms.merge().get(BYZANTINE);
    int m = terms.merge().get(SELECTED);
    if (f > (models - 3) / 2) {
      return Optional.of(
          "f is %s, which takes at least 2f + 3 models, but there are %s; lower f to %s or add models"
              .formatted(f, models, (models - 3) / 2));
    }
    return m <= models - f
        ? Optional.empty()
        : Optional.of(
            "m is %s, must be at most %s: the models without the f that may be Byzantine"
                .formatted(m, models - f));
  }

  @Override
  public MergeProgram program(TensorTerms terms) {
    arity().check(name(), terms);
    problemWith(terms)
        .ifPresent(
            problem -> {
              throw new IllegalArgumentException(problem);
            });
    int f = terms.merge().get(BYZANTINE);
    int m = terms.merge().get(SELECTED);
    return DistanceMerge.of(terms, new ClosestModels(f, m == 0 ? terms.models().size() - f : m));
  }
}
