package dev.stockpot.kernels.methods.average;

import static dev.stockpot.kernels.method.Parameter.Scope.MERGE;

import dev.stockpot.kernels.method.Arity;
import dev.stockpot.kernels.method.MergeMethod;
import dev.stockpot.kernels.method.MergeProgram;
import dev.stockpot.kernels.method.MethodCard;
import dev.stockpot.kernels.method.Parameter;
import dev.stockpot.kernels.method.ParameterValues;
import dev.stockpot.kernels.method.Range;
import dev.stockpot.kernels.method.TensorTerms;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleUnaryOperator;

/**
 * An average of the checkpoints of one run, oldest first, whose weights follow from their order.
 */
final class CheckpointAverage implements MergeMethod {
  private static final String SCHEME = "scheme";
  private static final String LAST = "last";
  private static final String BETA = "beta";
  private static final String CURVE = "curve";

  @Override
  public String name() {
    return "checkpoint_average";
  }

  @Override
  public MethodCard card() {
    return new MethodCard(
        "average of the checkpoints of one run, in the order of the recipe, oldest first",
        "θ = Σ wⱼθⱼ, j = 1…K; mean: 1/K; last_k: 1/k for the last k; ema: wⱼ = (1−β)β^(K−j),"
            + " w₁ = β^(K−1); decay: wⱼ = g((j−1)/K) − g(j/K), g the curve from 1 to 0",
        "Checkpoints of one run near its end, for instance by a pattern such as"
            + " runs/checkpoint-*. decay stands in for a decay of the learning rate.",
        "Izmailov et al. 2018, arXiv:1803.05407 (mean); Kaddour 2022, arXiv:2209.14981 (last_k);"
            + " Tian et al. 2025, WSM, arXiv:2507.17634 (decay)");
  }

  @Override
  public List<Parameter> parameters() {
    return List.of(
        Parameter.optional(
            SCHEME,
            MERGE,
            new Range.Words(List.of("mean", "last_k", "ema", "decay")),
            "mean",
            "how weights follow from the order"),
        Parameter.optional(
            LAST,
            MERGE,
            new Range.Numbers(1, Integer.MAX_VALUE),
            5.0,
            "last_k: how many checkpoints count, a whole number"),
        Parameter.optional(
            BETA,
            MERGE,
            Range.Numbers.FRACTION,
            0.9,
            "ema: share of the average that stays when a checkpoint is added"),
        Parameter.optional(
            CURVE,
            MERGE,
            new Range.Words(List.of("linear", "cosine", "1-sqrt")),
            "1-sqrt",
            "decay: the learning rate's curve"));
  }

  @Override
  public Arity arity() {
    return new Arity(Arity.Base.DONOR, 1, Arity.ANY);
  }

  @Override
  public Optional<String> problemWith(TensorTerms terms) {
    double last = terms.merge().number(LAST);
    return last == Math.rint(last)
        ? Optional.empty()
        : Optional.of("`last` is %s, must be a whole number".formatted(last));
  }

  @Override
  public MergeProgram program(TensorTerms terms) {
    arity().check(name(), terms);
    int count = terms.models().size();
    List<Float> weights = new ArrayList<>();
    for (int j = 1; j <= count; j++) {
      weights.add((float) weight(j, count, terms.merge()));
    }
    return new WeightedSum(weights, (float) divisor(count, terms.merge()));
  }

  /** The weight of checkpoint {@code j} of {@code count}, times the divisor. */
  private static double weight(int j, int count, ParameterValues values) {
    return switch (values.word(SCHEME)) {
      case "mean" -> 1;
      case "last_k" -> j > count - values.number(LAST) ? 1 : 0;
      case "ema" -> {
        double beta = values.number(BETA);
        yield (j == 1 ? 1 : 1 - beta) * StrictMath.pow(beta, count - j);
      }
      default -> {
        DoubleUnaryOperator curve = curve(values.word(CURVE));
        yield curve.applyAsDouble((j - 1.0) / count) - curve.applyAsDouble((double) j / count);
      }
    };
  }

  private static double divisor(int count, ParameterValues values) {
    return switch (values.word(SCHEME)) {
      case "mean" -> count;
      case "last_k" -> Math.min(count, values.number(LAST));
      default -> 1;
    };
  }

  /** From 1 at 0 to 0 at 1. */
  private static DoubleUnaryOperator curve(String word) {
    return switch (word) {
      case "linear" -> t -> 1 - t;
      case "cosine" -> t -> (1 + StrictMath.cos(Math.PI * t)) / 2;
      default -> t -> 1 - Math.sqrt(t);
    };
  }
}
