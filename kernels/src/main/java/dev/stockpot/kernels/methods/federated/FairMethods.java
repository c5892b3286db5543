package dev.stockpot.kernels.methods.federated;

import static dev.stockpot.kernels.method.Parameter.Scope.MERGE;
import static dev.stockpot.kernels.method.Parameter.Scope.MODEL;

import dev.stockpot.kernels.method.Cost;
import dev.stockpot.kernels.method.MethodCard;
import dev.stockpot.kernels.method.Parameter;
import dev.stockpot.kernels.method.Range;
import java.util.List;
import java.util.Optional;

/** Rules that weigh clients by how they trained: their losses, their steps, their delay. */
final class FairMethods {
  private static final Parameter<Double> LOSS =
      Parameter.required(
          "loss", MODEL, Range.Numbers.NOT_NEGATIVE, "the client's loss before it trained");

  private static final Parameter<Double> Q =
      Parameter.optional(
          "q",
          MERGE,
          Range.Numbers.NOT_NEGATIVE,
          0.1,
          "how much more high losses count; 0 is the plain mean");

  private static final Parameter<Double> LEARNING_RATE =
      Parameter.required(
          "client_learning_rate",
          MERGE,
          Range.Numbers.NOT_NEGATIVE,
          "with which clients trained: 1 / L of the paper");

  private static final Parameter<Double> STEPS =
      Parameter.required(
          "steps", MODEL, Range.Numbers.NOT_NEGATIVE, "how many steps the client has trained");

  static final LinearMethod QFEDAVG =
      new LinearMethod(
          "qfedavg",
          List.of(RoundMethod.COUNTED, RoundMethod.UPDATE, LOSS, Q, LEARNING_RATE),
          false,
          terms ->
              new Fair(
                  RoundMethod.values(terms, LOSS),
                  terms.merge().get(Q),
                  1 / terms.merge().get(LEARNING_RATE)),
          terms ->
              terms.merge().get(LEARNING_RATE) > 0
                  ? Optional.empty()
                  : Optional.of("client_learning_rate is 0, must be above"),
          new MethodCard(
              "steps towards clients, the more the higher their loss",
              "θ = θ₀ − Σ Fᵢ^q gᵢ / Σ hᵢ, gᵢ = L (θ₀ − θᵢ), hᵢ = q Fᵢ^(q−1) ‖gᵢ‖² + L Fᵢ^q",
              "Clients of a federated round that are to do alike well, with the loss of each.",
              "Li et al. 2020, Fair resource allocation in federated learning, arXiv:1905.10497",
              Cost.LOOK));

  static final LinearMethod FEDNOVA =
      new LinearMethod(
          "fednova",
          List.of(RoundMethod.EXAMPLES, RoundMethod.UPDATE, STEPS),
          false,
          terms -> new Normalized(RoundMethod.examples(terms), RoundMethod.values(terms, STEPS)),
          terms ->
              RoundMethod.values(terms, STEPS).contains(0.0)
                  ? Optional.of("`steps` of a client are 0, must be above")
                  : RoundMethod.problemWithExamples(terms),
          new MethodCard(
              "mean of what one step of each client changed, times their mean number of steps",
              "θ = θ₀ − τ Σ pᵢ (θ₀ − θᵢ) / τᵢ, pᵢ the shares of examples, τ = Σ pᵢτᵢ",
              "Clients that trained for different numbers of steps, of which fedavg would follow"
                  + " those that trained longest.",
              "Wang et al. 2020, Tackling the objective inconsistency problem, arXiv:2007.07481",
              Cost.LOOK));

  private static final Parameter<Double> ETA =
      Parameter.optional(
          "eta", MERGE, Range.Numbers.NOT_NEGATIVE, 1.0, "the length of the server's step");

  static final LinearMethod FEDBUFF =
      new LinearMethod(
          "fedbuff",
          List.of(RoundMethod.COUNTED, RoundMethod.UPDATE, RoundMethod.STALENESS, ETA),
          false,
          terms ->
              new Buffered(
                  RoundMethod.values(terms, RoundMethod.STALENESS), terms.merge().get(ETA)),
          terms -> Optional.empty(),
          new MethodCard(
              "step by a buffer of changes, the old ones less",
              "θ = θ₀ + η/K Σ Δᵢ / √(1 + sᵢ), sᵢ rounds between where client i began and now",
              "Clients that come when they are done: whatever K are there make a round. What an old"
                  + " one changed is measured from where it began, so give it as a delta.",
              "Nguyen et al. 2022, Federated learning with buffered asynchronous aggregation,"
                  + " arXiv:2106.06639",
              Cost.LOOK));

  private FairMethods() {}

  /** By losses. */
  private record Fair(List<Double> losses, double q, double slope) implements Weighing {
    /** What Flower adds to a loss, so that none is zero. */
    private static final double LEAST = 1e-10;

    @Override
    public Shares of(Clients clients, Clients.Told told) {
      List<Integer> sound = clients.sound();
      double whole = 0;
      for (int i : sound) {
        double loss = losses.get(i) + LEAST;
        double length = slope * clients.distance(i);
        whole +=
            q * StrictMath.pow(loss, q - 1) * length * length + slope * StrictMath.pow(loss, q);
      }
      double all = whole;
      return Shares.free(
          sound,
          sound.stream().map(i -> StrictMath.pow(losses.get(i) + LEAST, q) * slope / all).toList());
    }
  }

  /** By examples, each change divided by its steps. */
  private record Normalized(List<Double> examples, List<Double> steps) implements Weighing {
    @Override
    public Shares of(Clients clients, Clients.Told told) {
      Shares plain =
          Shares.normalized(clients.sound(), clients.sound().stream().map(examples::get).toList());
      double mean = 0;
      for (int i = 0; i < plain.clients().size(); i++) {
        mean += plain.weights().get(i) * steps.get(plain.clients().get(i));
      }
      double effective = mean;
      boolean isEven =
          plain.clients().stream().map(steps::get).distinct().count() <= 1; // fedavg, to the bit
      return isEven
          ? plain
          : Shares.free(
              plain.clients(),
              plain.clients().stream()
                  .map(i -> plain.weightOf(i) * effective / steps.get(i))
                  .toList());
    }
  }

  /** All alike, but for their age. */
  private record Buffered(List<Double> staleness, double eta) implements Weighing {
    @Override
    public Shares of(Clients clients, Clients.Told told) {
      List<Integer> sound = clients.sound();
      return Shares.free(
          sound,
          sound.stream().map(i -> eta / sound.size() / Math.sqrt(1 + staleness.get(i))).toList());
    }
  }
}
