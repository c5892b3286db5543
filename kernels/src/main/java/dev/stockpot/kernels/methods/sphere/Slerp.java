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
import java.util.OptionalInt;

/** Spherical interpolation from the base model to one other, each tensor one long vector. */
final class Slerp implements MergeMethod {
  private static final Parameter<Double> T =
      Parameter.required(
          "t", MERGE, Range.Numbers.FRACTION, "place on the arc from the base to the other model");

  /** Above this cosine, of either sign, the arc is so flat or so undecided that a line is taken. */
  private static final double COLLINEAR = 0.9995;

  /** A vector of a smaller norm is taken as it is rather than scaled to norm one. */
  private static final double LEAST_NORM = 1e-8;

  @Override
  public String name() {
    return "slerp";
  }

  @Override
  public MethodCard card() {
    return new MethodCard(
        "spherical interpolation between two models",
        "θ = sin((1−t)Ω)/sinΩ · θ₀ + sin(tΩ)/sinΩ · θ₁, cosΩ = ⟨θ₀,θ₁⟩ / ‖θ₀‖‖θ₁‖;"
            + " a straight line where |cosΩ| > 0.9995",
        "Two models of one family. t = 0 is the base model, t = 1 the other; give t a gradient over"
            + " the layers and filters for attention and MLP.",
        "Shoemake 1985, Animating rotation with quaternion curves, SIGGRAPH",
        Cost.LOOK);
  }

  @Override
  public List<Parameter<?>> parameters() {
    return List.of(T);
  }

  @Override
  public Arity arity() {
    return new Arity(Arity.Base.ONE_OF_THEM, 2, 2);
  }

  @Override
  public OptionalInt alone(TensorTerms terms) {
    double t = terms.merge().get(T);
    int base = terms.baseOf(name());
    return t == 0 ? OptionalInt.of(base) : t == 1 ? OptionalInt.of(1 - base) : OptionalInt.empty();
  }

  @Override
  public MergeProgram program(TensorTerms terms) {
    arity().check(name(), terms);
    int base = terms.baseOf(name());
    return new SpanMerge(GramScan.ofFirst(2), new Interpolation(base, terms.merge().get(T)));
  }

  /** From the base to the other. */
  private record Interpolation(int base, double t) implements SpanMerge.Rule {
    @Override
    public double[] weights(Gram gram) {
      double norms = effectiveNorm(gram.norm(0)) * effectiveNorm(gram.norm(1));
      double cosine = gram.products()[0][1] / norms;
      // written so that NaN makes for a curve, and shows in the result
      Arc arc = Math.abs(cosine) > COLLINEAR ? Arc.line(t) : Arc.curve(cosine, t);
      return base == 0
          ? new double[] {arc.first(), arc.second()}
          : new double[] {arc.second(), arc.first()};
    }

    private static double effectiveNorm(double norm) {
      return norm > LEAST_NORM ? norm : 1;
    }
  }
}
