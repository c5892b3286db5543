package dev.stockpot.kernels.methods.taskvector;

import static dev.stockpot.kernels.method.Parameter.Scope.MERGE;

import dev.stockpot.kernels.method.Arity;
import dev.stockpot.kernels.method.Cost;
import dev.stockpot.kernels.method.MergeMethod;
import dev.stockpot.kernels.method.MergeProgram;
import dev.stockpot.kernels.method.MethodCard;
import dev.stockpot.kernels.method.Parameter;
import dev.stockpot.kernels.method.Range;
import dev.stockpot.kernels.method.TensorTerms;
import dev.stockpot.kernels.random.RandomStream;
import java.util.List;
import java.util.Optional;

/** Select, calculate, erase: task vectors where models differ most, weighted by their energy. */
final class Sce implements MergeMethod {
  private static final Parameter<Double> SELECT_TOPK =
      Parameter.optional(
          "select_topk",
          MERGE,
          Range.Numbers.FRACTION,
          1.0,
          "share of the elements that differ between models, by variance, that is merged");

  private static final Parameter<Boolean> INT8_MASK =
      Parameter.optional(
          "int8_mask",
          MERGE,
          new Range.Flag(),
          false,
          "accepted for the sake of mergekit's recipes; changes nothing");

  @Override
  public String name() {
    return "sce";
  }

  @Override
  public MethodCard card() {
    return new MethodCard(
        "task vectors where they vary most, weighted by their energy, those that agree in sign",
        "vᵢ = select(θᵢ − θ₀, top select_topk of variance), cᵢ = Σ vᵢ² / Σⱼ Σ vⱼ²,"
            + " s = sign(Σ vᵢ), θ = θ₀ + Σ cᵢvᵢ[sign vᵢ = s] / Σ cᵢ[sign vᵢ = s]",
        "Fine-tunes of one base that were taught by different models; there are no weights to choose."
            + " select_topk of 0.1 to 1.",
        "Wan et al. 2024, FuseChat, arXiv:2408.07990",
        Cost.LOOKS);
  }

  @Override
  public List<Parameter<?>> parameters() {
    return List.of(SELECT_TOPK, INT8_MASK);
  }

  @Override
  public Arity arity() {
    return new Arity(Arity.Base.ORIGIN, 1, Arity.ANY);
  }

  @Override
  public Optional<String> problemWith(TensorTerms terms) {
    return terms.models().size() == 2 && terms.merge().get(SELECT_TOPK) < 1
        ? Optional.of(
            "select_topk below 1 selects by the variance between models, and one model has none;"
                + " add a model, or set select_topk: 1")
        : Optional.empty();
  }

  @Override
  public MergeProgram program(TensorTerms terms) {
    arity().check(name(), terms);
    double share = terms.merge().get(SELECT_TOPK);
    return new EnergyMerge(
        terms.baseOf(name()),
        terms.besideBase(),
        terms.shape().elements(),
        share < 1
            ? new SelectLargest.ByShareOfNonZero(
                share, RandomStream.betweenEquals(terms.seed(), terms.tensor()))
            : Drop.KeepAll.INSTANCE,
        List.of());
  }
}
