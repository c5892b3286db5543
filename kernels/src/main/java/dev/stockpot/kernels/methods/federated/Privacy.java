package dev.stockpot.kernels.methods.federated;

import static dev.stockpot.kernels.method.Parameter.Scope.MERGE;

import dev.stockpot.kernels.method.Parameter;
import dev.stockpot.kernels.method.ParameterValues;
import dev.stockpot.kernels.method.Range;
import dev.stockpot.kernels.method.TensorTerms;
import dev.stockpot.kernels.random.Numbers;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Limits of what one client can change, and noise that hides who took part: differential privacy on
 * the server's side. Noise is drawn by seed, round, tensor and element.
 *
 * @param norm a longer change is shortened to it
 * @param noise deviation of the noise, as a multiple of what one client can change
 * @param target of adaptive clipping: the share of clients that are to be shorter
 * @param rate how fast the norm follows
 * @param deviation of the noise on the number of clients that are shorter
 */
record Privacy(
    Clipping clipping, double norm, double noise, double target, double rate, double deviation)
    implements Serializable {

  /** How changes are limited. */
  enum Clipping {
    NONE,
    FIXED,
    ADAPTIVE;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  static final Parameter<Clipping> CLIPPING =
      Parameter.optional(
          "clipping",
          MERGE,
          new Range.OneOf<>(List.of(Clipping.values())),
          Clipping.NONE,
          "whether long changes are shortened, over the whole model, and whether the norm follows");

  static final Parameter<Double> NORM =
      Parameter.optional(
          "clip_norm",
          MERGE,
          Range.Numbers.NOT_NEGATIVE,
          0.1,
          "the longest change of a client; of adaptive clipping the first, later ones are state");

  static final Parameter<Double> NOISE =
      Parameter.optional(
          "noise_multiplier",
          MERGE,
          Range.Numbers.NOT_NEGATIVE,
          0.0,
          "deviation of the noise on the mean, times clip_norm over the number of clients");

  private static final Parameter<Double> TARGET =
      Parameter.optional(
          "target_quantile",
          MERGE,
          Range.Numbers.FRACTION,
          0.5,
          "adaptive: share of clients that are to change less than clip_norm");

  private static final Parameter<Double> RATE =
      Parameter.optional(
          "clip_norm_lr",
          MERGE,
          Range.Numbers.NOT_NEGATIVE,
          0.2,
          "adaptive: how fast clip_norm follows");

  static final Parameter<Double> DEVIATION =
      Parameter.optional(
          "clipped_count_stddev",
          MERGE,
          Range.Numbers.NOT_NEGATIVE,
          0.0,
          "adaptive: deviation of the noise on their number; 0 stands for a twentieth of them where"
              + " there is other noise");

  static final List<Parameter<?>> PARAMETERS =
      List.of(CLIPPING, NORM, NOISE, TARGET, RATE, DEVIATION);

  static Privacy of(ParameterValues values) {
    return new Privacy(
        values.get(CLIPPING),
        values.get(NORM),
        values.get(NOISE),
        values.get(TARGET),
        values.get(RATE),
        values.get(DEVIATION));
  }

  /** What is wrong with its values together. */
  static Optional<String> problem(TensorTerms terms) {
    Privacy asked = of(terms.merge());
    int clients = terms.besideBase().size();
    if (asked.clipping == Clipping.NONE) {
      return asked.noise > 0
          ? Optional.of(
              "noise_multiplier is %s without `clipping`, so nobody knows what one client can change; add `clipping: fixed`"
                  .formatted(asked.noise))
          : Optional.empty();
    }
    if (asked.norm == 0) {
      return Optional.of("clip_norm is 0, must be above: nothing would change");
    }
    double counted = asked.countDeviation(clients);
    return asked.clipping == Clipping.ADAPTIVE && asked.noise > 0 && asked.noise >= 2 * counted
        ? Optional.of(
            "noise_multiplier is %s, must be below twice clipped_count_stddev, %s"
                .formatted(asked.noise, counted))
        : Optional.empty();
  }

  /** What a user should know of shares that are not even. */
  static Optional<String> notice(TensorTerms terms, List<Double> examples) {
    boolean isUneven = examples.stream().distinct().count() > 1;
    return of(terms.merge()).noise > 0 && isUneven
        ? Optional.of(
            "noise is measured for clients of equal examples, and these have %s to %s: the largest is hidden less well than noise_multiplier says"
                .formatted(
                    examples.stream().mapToDouble(Double::doubleValue).min().orElse(0),
                    examples.stream().mapToDouble(Double::doubleValue).max().orElse(0)))
        : Optional.empty();
  }

  /** Of the noise on the number of short changes, of so many clients as were asked. */
  private double countDeviation(int clients) {
    return deviation == 0 && noise > 0 ? clients / 20.0 : deviation;
  }

  /** The multiple that is left for the mean, where the number of short ones costs privacy too. */
  private double noise(int clients) {
    double counted = countDeviation(clients);
    return clipping == Clipping.ADAPTIVE && noise > 0
        ? 1 / Math.sqrt(1 / (noise * noise) - 1 / (4 * counted * counted))
        : noise;
  }

  /** For a tensor; nothing where nothing is limited. */
  Optional<OfTensor> of(TensorTerms terms, int round) {
    return clipping == Clipping.NONE
        ? Optional.empty()
        : Optional.of(
            new OfTensor(this, terms.seed(), terms.tensor(), round, terms.besideBase().size()));
  }

  /**
   * What it does to one tensor.
   *
   * @param round whose noise is its own
   * @param asked clients of the round, whatever they answered: what is spent on counting them may
   *     not hang on that, nor leave less than nothing for the mean
   */
  record OfTensor(Privacy privacy, long seed, String tensor, int round, int asked)
      implements Serializable {
    Shares limited(Shares shares, Clients clients) {
      List<Double> weights = new ArrayList<>();
      boolean isWhole = shares.isWhole();
      for (int i = 0; i < shares.clients().size(); i++) {
        double far = clients.distance(shares.clients().get(i));
        isWhole &= far <= privacy.norm;
        weights.add(shares.weights().get(i) * (far > privacy.norm ? privacy.norm / far : 1));
      }
      return new Shares(shares.clients(), weights, isWhole);
    }

    Optional<ServerStep.Noise> noise(Clients clients) {
      int count = clients.sound().size();
      double deviation = privacy.noise(asked) * privacy.norm / Math.max(1, count);
      return deviation > 0
          ? Optional.of(new ServerStep.Noise(Numbers.normal(seed, draws(tensor), 0, deviation)))
          : Optional.empty();
    }

    /** The norm of the next round. */
    Map<String, Double> carried(Clients clients) {
      List<Integer> sound = clients.sound();
      if (privacy.clipping != Clipping.ADAPTIVE || sound.isEmpty()) {
        return Map.of();
      }
      double shorter = sound.stream().filter(i -> clients.distance(i) <= privacy.norm).count();
      double deviation = privacy.countDeviation(asked);
      if (deviation > 0) {
        float[] drawn = new float[1];
        Numbers.normal(seed, draws("number of short changes"), 0, deviation).fill(0, drawn);
        shorter += drawn[0];
      }
      double share = shorter / sound.size();
      return Map.of(
          NORM.name(), privacy.norm * StrictMath.exp(-privacy.rate * (share - privacy.target)));
    }

    private String draws(String what) {
      return "%s, round %s".formatted(what, round);
    }
  }
}
