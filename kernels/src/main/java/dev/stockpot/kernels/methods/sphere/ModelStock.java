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
import java.util.Arrays;
import java.util.List;

/** The average of fine-tunes, drawn towards the base as far as they disagree. */
final class ModelStock implements MergeMethod {
  private static final Parameter<Boolean> FILTER_WISE =
      Parameter.optional(
          "filter_wise",
          MERGE,
          new Range.Flag(),
          false,
          "whether each row has a t of its own, rather than each tensor");

  private static final Parameter<Boolean> CLAMP =
      Parameter.optional(
          "clamp",
          MERGE,
          new Range.Flag(),
          false,
          "whether models that point apart (c < 0) give the base, rather than a step away from them");

  @Override
  public String name() {
    return "model_stock";
  }

  @Override
  public MethodCard card() {
    return new MethodCard(
        "average of the models, drawn towards the base as far as their task vectors disagree",
        "θ = t·Σθᵢ/N + (1−t)·θ₀, t = N·c / (1 + (N−1)·c), c the mean cosine of δᵢ and δⱼ, t ≥ −N",
        "Two or more fine-tunes of one base on the same task. Where task vectors are orthogonal, as"
            + " those of different tasks are, it gives the base.",
        "Jang et al. 2024, Model Stock, arXiv:2403.19522",
        Cost.LOOK);
  }

  @Override
  public List<Parameter<?>> parameters() {
    return List.of(FILTER_WISE, CLAMP);
  }

  @Override
  public Arity arity() {
    return new Arity(Arity.Base.ORIGIN, 2, Arity.ANY);
  }

  @Override
  public MergeProgram program(TensorTerms terms) {
    arity().check(name(), terms);
    terms.baseOf(name());
    GramScan vectors = GramScan.of(terms);
    TowardsBase rule = new TowardsBase(terms.merge().get(CLAMP));
    return terms.merge().get(FILTER_WISE) && terms.shape().dimensions().size() > 1
        ? new RowSpanMerge(vectors, rule, terms.shape().rowElements())
        : new SpanMerge(vectors, rule); // one row is one long vector
  }

  /** The same weight for all task vectors. */
  record TowardsBase(boolean clamp) implements SpanMerge.Rule {
    @Override
    public double[] weights(Gram gram) {
      int models = gram.vectors();
      double cosine = meanCosine(gram);
      double divisor = 1 + (models - 1) * cosine;
      // no cosines of real vectors make it negative, but next to zero t would grow without limit:
      // no task vector may be taken away more than once
      double least = clamp ? 0 : -models;
      double t = divisor <= 0 ? least : Math.max(least, models * cosine / divisor);
      double[] weights = new double[models];
      Arrays.fill(weights, t / models);
      return weights;
    }

    private static double meanCosine(Gram gram) {
      double sum = 0;
      int pairs = 0;
      for (int i = 0; i < gram.vectors(); i++) {
        for (int j = i + 1; j < gram.vectors(); j++) {
          double norms = gram.norm(i) * gram.norm(j);
          sum += norms == 0 ? 0 : gram.products()[i][j] / norms;
          pairs++;
        }
      }
      return sum / pairs;
    }
  }
}
