package dev.stockpot.kernels.methods.taskvector;

import static dev.stockpot.kernels.method.Parameter.Scope.MERGE;

import dev.stockpot.kernels.Kernels;
import dev.stockpot.kernels.method.Arity;
import dev.stockpot.kernels.method.BlockMerge;
import dev.stockpot.kernels.method.Cost;
import dev.stockpot.kernels.method.MergeMethod;
import dev.stockpot.kernels.method.MergeProgram;
import dev.stockpot.kernels.method.MethodCard;
import dev.stockpot.kernels.method.Parameter;
import dev.stockpot.kernels.method.Range;
import dev.stockpot.kernels.method.TensorRole;
import dev.stockpot.kernels.method.TensorTerms;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The largest elements of each task vector, averaged over the models that have them. */
final class LocalizeAndStitch implements MergeMethod {
  private static final Parameter<Double> DENSITY =
      TaskVectorParameters.DENSITY
          .withStandard(0.1)
          .withMeaning("share of the whole model's elements, the largest changes, that is kept");

  private static final Parameter<Embeddings> EMBEDDINGS =
      Parameter.optional(
          "embeddings",
          MERGE,
          new Range.OneOf<>(List.of(Embeddings.values())),
          Embeddings.BASE,
          "tables of tokens and positions: the base model's, or stitched like all else");

  /** What becomes of tables of tokens and positions. */
  private enum Embeddings {
    BASE,
    STITCH;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  @Override
  public String name() {
    return "localize_and_stitch";
  }

  @Override
  public MethodCard card() {
    return new MethodCard(
        "the largest elements of each task vector, averaged over the models that have them",
        "θ = θ₀ + Σ mᵢ⊙δᵢ / max(1, Σ mᵢ), mᵢ the share density of the whole model that |δᵢ| is largest"
            + " in; elements that a model has not changed are none of its",
        "Several fine-tunes of one base whose skills sit in few elements: as ties, without a vote."
            + " Density 0.05 to 0.2. The variant without data; masks that are trained are another.",
        "He et al. 2024, Localize-and-Stitch, arXiv:2408.13656",
        Cost.LOOKS);
  }

  @Override
  public List<Parameter<?>> parameters() {
    return List.of(DENSITY, EMBEDDINGS, TaskVectorParameters.LAMBDA);
  }

  @Override
  public Arity arity() {
    return new Arity(Arity.Base.ORIGIN, 1, Arity.ANY);
  }

  private static boolean isBase(TensorTerms terms) {
    return terms.role() == TensorRole.EMBEDDING && terms.merge().get(EMBEDDINGS) == Embeddings.BASE;
  }

  /** The base model's, as it is. */
  private record Untouched(int base) implements MergeProgram {
    @Override
    public <V> BlockMerge open(Kernels<V> kernels) {
      V origin = kernels.vector();
      return (block, inputs, output) -> {
        kernels.begin(block);
        kernels.load(inputs.get(base), origin);
        kernels.store(origin, output);
      };
    }
  }

  @Override
  public Optional<String> treatment(TensorTerms terms) {
    return isBase(terms) ? Optional.of("are taken from the base model") : Optional.empty();
  }

  @Override
  public MergeProgram program(TensorTerms terms) {
    arity().check(name(), terms);
    int base = terms.baseOf(name());
    if (isBase(terms)) {
      return new Untouched(base);
    }
    List<TaskVectorMerge.Term> models = new ArrayList<>();
    for (int model : terms.besideBase()) {
      Drop drop = new SelectLargest.OfModel(terms.models().get(model).get(DENSITY));
      models.add(new TaskVectorMerge.Term(model, 1, drop, 1));
    }
    return new TaskVectorMerge(
        base,
        models,
        Combination.WEIGHTED_SUM,
        Divisor.KEPT,
        Rescale.NONE,
        terms.merge().get(TaskVectorParameters.LAMBDA).floatValue());
  }
}
