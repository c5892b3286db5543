package dev.stockpot.kernels.method;

import static dev.stockpot.kernels.method.Parameter.Scope.MERGE;

import dev.stockpot.kernels.Kernels;
import dev.stockpot.kernels.Scan;
import dev.stockpot.kernels.Statistic;
import java.util.List;
import java.util.Optional;

/** Spherical interpolation from the base model to one other, each tensor one long vector. */
final class Slerp implements MergeMethod {
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
        "Shoemake 1985, Animating rotation with quaternion curves, SIGGRAPH");
  }

  @Override
  public List<Parameter> parameters() {
    return List.of(
        Parameter.required(
            "t",
            MERGE,
            Range.Numbers.FRACTION,
            "place on the arc from the base to the other model"));
  }

  @Override
  public Arity arity() {
    return new Arity(Arity.Base.ONE_OF_THEM, 2, 2);
  }

  @Override
  public MergeProgram program(TensorTerms terms) {
    arity().check(name(), terms);
    int base = terms.base().orElseThrow(() -> new IllegalArgumentException("slerp has no base"));
    return new Program(base, terms.merge().number("t"));
  }

  /** Needs the angle between the two. */
  private record Program(int base, double t) implements MergeProgram {
    @Override
    public Optional<Scan> scan() {
      return Optional.of(new GramScan(2));
    }

    @Override
    public MergeProgram knowing(Statistic found) {
      PartialSums gram = (PartialSums) found;
      double norm0 = effectiveNorm(GramScan.product(gram, 2, 0, 0));
      double norm1 = effectiveNorm(GramScan.product(gram, 2, 1, 1));
      double cosine = GramScan.product(gram, 2, 0, 1) / (norm0 * norm1);
      double ofBase = 1 - t;
      double ofOther = t;
      if (!(Math.abs(cosine) > COLLINEAR)) { // also for NaN, which then shows in the result
        double angle = StrictMath.acos(cosine); // strict: the same bits on every machine
        double sine = StrictMath.sin(angle);
        ofBase = StrictMath.sin(angle * (1 - t)) / sine;
        ofOther = StrictMath.sin(angle * t) / sine;
      }
      return new WeightedSum(
          base == 0
              ? List.of((float) ofBase, (float) ofOther)
              : List.of((float) ofOther, (float) ofBase),
          1);
    }

    private static double effectiveNorm(double squared) {
      double norm = Math.sqrt(squared);
      return norm > LEAST_NORM ? norm : 1;
    }

    @Override
    public <V> BlockMerge open(Kernels<V> kernels) {
      throw new IllegalStateException("slerp opened before its scan");
    }
  }
}
