package dev.stockpot.kernels.methods.average;

import static dev.stockpot.kernels.method.Parameter.Scope.MERGE;

import dev.stockpot.kernels.method.Arity;
import dev.stockpot.kernels.method.Cost;
import dev.stockpot.kernels.method.MergeMethod;
import dev.stockpot.kernels.method.MergeProgram;
import dev.stockpot.kernels.method.MethodCard;
import dev.stockpot.kernels.method.Parameter;
import dev.stockpot.kernels.method.ParameterValues;
import dev.stockpot.kernels.method.Range;
import dev.stockpot.kernels.method.TensorTerms;
import dev.stockpot.kernels.random.RandomStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * An average of the checkpoints of one run, oldest first, whose weights follow from their order.
 */
final class CheckpointAverage implements MergeMethod {
  /** How weights follow from the order. */
  private enum Scheme {
    MEAN,
    LAST_K,
    WMA,
    EMA,
    DECAY;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** From 1 at 0 to 0 at 1: a learning rate that is let down. */
  private enum Curve {
    LINEAR("linear") {
      @Override
      double at(double t) {
        return 1 - t;
      }
    },
    COSINE("cosine") {
      @Override
      double at(double t) {
        return (1 + StrictMath.cos(Math.PI * t)) / 2;
      }
    },
    ONE_MINUS_ROOT("1-sqrt") {
      @Override
      double at(double t) {
        return 1 - Math.sqrt(t);
      }
    };

    private final String word;

    Curve(String word) {
      this.word = word;
    }

    abstract double at(double t);

    @Override
    public String toString() {
      return word;
    }
  }

  private static final Parameter<Scheme> SCHEME =
      Parameter.optional(
          "scheme",
          MERGE,
          new Range.OneOf<>(List.of(Scheme.values())),
          Scheme.MEAN,
          "how weights follow from the order");

  private static final Parameter<Double> LAST =
      Parameter.optional(
          "last",
          MERGE,
          new Range.Numbers(1, Integer.MAX_VALUE),
          5.0,
          "last_k: how many checkpoints count, a whole number");

  private static final Parameter<Double> BETA =
      Parameter.optional(
          "beta",
          MERGE,
          Range.Numbers.FRACTION,
          0.9,
          "ema: share of the average that stays when a checkpoint is added");

  private static final Parameter<Curve> CURVE =
      Parameter.optional(
          "curve",
          MERGE,
          new Range.OneOf<>(List.of(Curve.values())),
          Curve.ONE_MINUS_ROOT,
          "decay: the learning rate's curve; 1-sqrt is Megatron-LM's minus-sqrt");

  /** Which checkpoint gets which weight of a decay: Megatron-LM's suffixes, for comparisons. */
  private enum Order {
    GIVEN,
    REVERSE,
    SCRAMBLE;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private static final Parameter<Order> ORDER =
      Parameter.optional(
          "order",
          MERGE,
          new Range.OneOf<>(List.of(Order.values())),
          Order.GIVEN,
          "decay: whose weight is whose; given, or mirrored or shuffled by the seed to compare"
              + " with");

  @Override
  public String name() {
    return "checkpoint_average";
  }

  @Override
  public MethodCard card() {
    return new MethodCard(
        "average of the checkpoints of one run, in the order of the recipe, oldest first",
        "θ = Σ wⱼθⱼ, j = 1…K; mean: 1/K; last_k: 1/k for the last k; wma: wⱼ ∝ j;"
            + " ema: wⱼ = (1−β)β^(K−j), w₁ = β^(K−1);"
            + " decay: wⱼ = g((j−1)/K) − g(j/K), g the curve from 1 to 0",
        "Checkpoints of one run near its end, for instance by a pattern such as"
            + " runs/checkpoint-*. decay stands in for a decay of the learning rate.",
        "Izmailov et al. 2018, arXiv:1803.05407 (mean); Kaddour 2022, arXiv:2209.14981 (last_k);"
            + " Tian et al. 2025, WSM, arXiv:2507.17634 (decay)",
        Cost.SUM);
  }

  @Override
  public List<Parameter<?>> parameters() {
    return List.of(SCHEME, LAST, BETA, CURVE, ORDER);
  }

  @Override
  public Arity arity() {
    return new Arity(Arity.Base.DONOR, 1, Arity.ANY);
  }

  @Override
  public Optional<String> problemWith(TensorTerms terms) {
    double last = terms.merge().get(LAST);
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
    if (terms.merge().get(SCHEME) == Scheme.DECAY) {
      order(weights, terms.merge().get(ORDER), terms.seed());
    }
    return new WeightedSum(weights, (float) divisor(count, terms.merge()));
  }

  private static void order(List<Float> weights, Order order, long seed) {
    if (order == Order.REVERSE) {
      Collections.reverse(weights);
    } else if (order == Order.SCRAMBLE) {
      int[] draws = new int[weights.size()];
      RandomStream.of(seed, RandomStream.OUTPUT, "order").draw(0, draws.length, draws);
      List<Float> before = List.copyOf(weights);
      List<Integer> places =
          IntStream.range(0, draws.length)
              .boxed()
              .sorted(Comparator.comparingInt(place -> draws[place]))
              .toList();
      for (int i = 0; i < draws.length; i++) {
        weights.set(i, before.get(places.get(i)));
      }
    }
  }

  /** The weight of checkpoint {@code j} of {@code count}, times the divisor. */
  private static double weight(int j, int count, ParameterValues values) {
    return switch (values.get(SCHEME)) {
      case MEAN -> 1;
      case WMA -> j;
      case LAST_K -> j > count - values.get(LAST) ? 1 : 0;
      case EMA -> {
        double beta = values.get(BETA);
        yield (j == 1 ? 1 : 1 - beta) * StrictMath.pow(beta, count - j);
      }
      case DECAY -> {
        Curve curve = values.get(CURVE);
        yield curve.at((j - 1.0) / count) - curve.at((double) j / count);
      }
    };
  }

  private static double divisor(int count, ParameterValues values) {
    return switch (values.get(SCHEME)) {
      case MEAN -> count;
      case LAST_K -> Math.min(count, values.get(LAST));
      case WMA -> count * (count + 1.0) / 2;
      case EMA, DECAY -> 1;
    };
  }
}
