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

/** Spherical interpolation between two models or, where there is a base, their task vectors. */
final class Nuslerp implements MergeMethod {
  private static final Parameter<Double> WEIGHT =
      Parameter.required(
          "weight", MODEL, Range.Numbers.ANY, "how near the model the result is; a ratio");

  private static final Parameter<Boolean> FLATTEN =
      Parameter.optional(
          "nuslerp_flatten",
          MERGE,
          new Range.Flag(),
          true,
          "whether a tensor is one long vector, with one angle");

  private static final Parameter<Boolean> ROW_WISE =
      Parameter.optional(
          "nuslerp_row_wise",
          MERGE,
          new Range.Flag(),
          false,
          "where tensors are not flattened: an angle for each column (true) or row (false); mergekit"
              + " has the names that way round");

  /** Weights that sum to less, in magnitude, count as equal. */
  private static final double LEAST_WEIGHT = 1e-6;

  @Override
  public String name() {
    return "nuslerp";
  }

  @Override
  public MethodCard card() {
    return new MethodCard(
        "spherical interpolation between two models, by weight, or between their task vectors",
        "θ = sin((1−t)Ω)/sinΩ · θ₁ + sin(tΩ)/sinΩ · θ₂, t = w₂/(w₁+w₂), cosΩ = ⟨θ₁,θ₂⟩ / ‖θ₁‖‖θ₂‖;"
            + " with a base model the same of δ₁ and δ₂, on θ₀",
        "As slerp, where weights are easier to think of than a place on the arc. With the base of"
            + " two fine-tunes, what they learned is interpolated and not the models.",
        "mergekit 0.1.4, method nuslerp; Shoemake 1985, Animating rotation with quaternion curves,"
            + " SIGGRAPH",
        Cost.LOOK);
  }

  @Override
  public List<Parameter<?>> parameters() {
    return List.of(WEIGHT, FLATTEN, ROW_WISE);
  }

  @Override
  public Arity arity() {
    return new Arity(Arity.Base.ORIGIN_IF_GIVEN, 2, 2);
  }

  @Override
  public MergeProgram program(TensorTerms terms) {
    arity().check(name(), terms);
    GramScan vectors = GramScan.of(terms);
    Interpolation rule = new Interpolation(place(terms));
    if (terms.merge().get(FLATTEN) || terms.shape().dimensions().size() < 2) {
      return new SpanMerge(vectors, rule); // one row is one long vector
    }
    return terms.merge().get(ROW_WISE)
        ? new ColumnSpanMerge(vectors, rule, terms.shape().columns())
        : new RowSpanMerge(vectors, rule, terms.shape().rowElements());
  }

  private static double place(TensorTerms terms) {
    List<Integer> models = terms.besideBase();
    double first = terms.models().get(models.get(0)).get(WEIGHT);
    double second = terms.models().get(models.get(1)).get(WEIGHT);
    return Math.abs(first + second) < LEAST_WEIGHT ? 0.5 : second / (first + second);
  }

  /** From the first vector to the second. */
  record Interpolation(double t) implements SpanMerge.Rule {
    /** A vector of a smaller norm has no direction to speak of, and counts as orthogonal. */
    private static final double LEAST_NORM = 1e-7;

    /**
     * Below this the arc is a line to float32, or the vectors are opposite and every arc would do.
     */
    private static final double LEAST_SINE = 1e-4;

    @Override
    public double[] weights(Gram gram) {
      double norms = Math.max(gram.norm(0), LEAST_NORM) * Math.max(gram.norm(1), LEAST_NORM);
      double cosine = Math.max(-1, Math.min(1, gram.products()[0][1] / norms));
      double sine = Math.sqrt(1 - cosine * cosine);
      Arc arc = sine < LEAST_SINE ? Arc.line(t) : Arc.curve(cosine, t);
      return new double[] {arc.first(), arc.second()};
    }
  }
}
