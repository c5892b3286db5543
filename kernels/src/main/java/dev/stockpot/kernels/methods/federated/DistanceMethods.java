package dev.stockpot.kernels.methods.federated;

import static dev.stockpot.kernels.method.Parameter.Scope.MERGE;
import static dev.stockpot.kernels.method.Parameter.Scope.MODEL;

import dev.stockpot.kernels.method.Cost;
import dev.stockpot.kernels.method.MethodCard;
import dev.stockpot.kernels.method.Parameter;
import dev.stockpot.kernels.method.Range;
import dev.stockpot.kernels.method.TensorTerms;
import dev.stockpot.kernels.methods.robust.RobustMethods;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Rules that weigh clients by how far whole models are from each other. */
final class DistanceMethods {
  private static final String KRUM =
      "Blanchard et al. 2017, Machine learning with adversaries: Byzantine tolerant gradient"
          + " descent, arXiv:1703.02757";

  private static final Parameter<Integer> SELECTED =
      Parameter.optional(
          "m", MERGE, new Range.Whole(1), 1, "how many clients are averaged, at most N − f");

  static final LinearMethod KRUM_ITSELF =
      new LinearMethod(
          "krum",
          List.of(RoundMethod.COUNTED, RoundMethod.UPDATE, MiddleMethod.BYZANTINE),
          true,
          terms -> krum(terms, 1),
          terms -> problemWithKrum(terms, 1),
          new MethodCard(
              "the client that is nearest to its neighbours",
              "θ = the θᵢ of least score, sᵢ = Σ ‖θᵢ − θⱼ‖² over its N − f − 2 nearest",
              "Up to f hostile clients, where one good client is enough.",
              KRUM,
              Cost.LOOK));

  static final LinearMethod MULTI_KRUM =
      new LinearMethod(
          "multikrum",
          List.of(RoundMethod.EXAMPLES, RoundMethod.UPDATE, MiddleMethod.BYZANTINE, SELECTED),
          true,
          terms -> krum(terms, terms.merge().get(SELECTED)),
          terms -> problemWithKrum(terms, terms.merge().get(SELECTED)),
          new MethodCard(
              "mean by examples of the m clients that are nearest to their neighbours",
              "θ = Σ nᵢθᵢ / Σ nᵢ of the m clients of least score, sᵢ as in krum",
              "Up to f hostile clients, which are left out whole.",
              KRUM,
              Cost.LOOK));

  private static final Parameter<Integer> STEPS =
      Parameter.optional("max_iter", MERGE, new Range.Whole(1), 100, "steps at most");

  static final LinearMethod RFA =
      new LinearMethod(
          "rfa",
          List.of(
              RoundMethod.EXAMPLES,
              RoundMethod.UPDATE,
              STEPS,
              RobustMethods.TOLERANCE,
              RobustMethods.SMOOTHING),
          true,
          terms ->
              new Rfa(
                  RoundMethod.examples(terms),
                  terms.merge().get(STEPS),
                  terms.merge().get(RobustMethods.TOLERANCE),
                  terms.merge().get(RobustMethods.SMOOTHING)),
          RoundMethod::problemWithExamples,
          new MethodCard(
              "the point with the least sum of distances to the clients, by their examples",
              "θ = argmin Σ nᵢ‖θ − θᵢ‖, by smoothed Weiszfeld steps",
              "Hostile clients with less than half of the examples cannot move it far.",
              "Pillutla et al. 2019, Robust aggregation for federated learning, arXiv:1912.13445",
              Cost.LOOK));

  private static final Parameter<Double> RADIUS =
      Parameter.optional(
          "tau",
          MERGE,
          Range.Numbers.NOT_NEGATIVE,
          0.0,
          "how far one client can pull; 0 stands for the median of their distances");

  private static final Parameter<Integer> ITERATIONS =
      Parameter.optional("iterations", MERGE, new Range.Whole(1), 3, "how often it is centred");

  static final LinearMethod CENTERED_CLIPPING =
      new LinearMethod(
          "centered_clipping",
          List.of(RoundMethod.COUNTED, RoundMethod.UPDATE, RADIUS, ITERATIONS),
          true,
          terms -> new CenteredClipping(terms.merge().get(RADIUS), terms.merge().get(ITERATIONS)),
          terms -> Optional.empty(),
          new MethodCard(
              "moves from the server's model, no client pulling farther than a radius",
              "θ = v, v = θ₀ and again and again v ← v + 1/N Σ (θᵢ − v) min(1, τ / ‖θᵢ − v‖)",
              "Hostile clients that make large changes, or small ones round after round.",
              "Karimireddy et al. 2021, Learning from history for Byzantine robust optimization,"
                  + " arXiv:2012.10333",
              Cost.LOOK));

  private static final Parameter<Boolean> TRUSTED =
      Parameter.optional(
          "trusted",
          MODEL,
          new Range.Flag(),
          false,
          "whether the server itself trained it, on data that it trusts; of one model");

  static final LinearMethod FLTRUST =
      new LinearMethod(
          "fltrust",
          List.of(RoundMethod.COUNTED, RoundMethod.UPDATE, TRUSTED),
          true,
          terms -> new Trust(trusted(terms).get(0)),
          terms ->
              trusted(terms).size() == 1 && terms.besideBase().size() > 1
                  ? Optional.empty()
                  : Optional.of(
                      "`trusted: true` is written at %s of %s models; it must be at one, that the server trained"
                          .formatted(trusted(terms).size(), terms.besideBase().size())),
          new MethodCard(
              "clients count by how they agree with a model that the server trained itself",
              "θ = θ₀ + Σ cᵢ ‖Δ_s‖/‖Δᵢ‖ Δᵢ / Σ cᵢ, cᵢ = max(0, cos(Δᵢ, Δ_s))",
              "Any number of hostile clients, with a few clean examples on the server's side.",
              "Cao et al. 2021, FLTrust, arXiv:2012.13995",
              Cost.LOOK));

  private DistanceMethods() {}

  private static Weighing krum(TensorTerms terms, int selected) {
    int f = terms.merge().get(MiddleMethod.BYZANTINE);
    List<Double> examples =
        selected == 1 ? terms.besideBase().stream().map(any -> 1.0).toList() : examples(terms);
    return new Krum(new Selection(f, false), selected, examples);
  }

  private static List<Double> examples(TensorTerms terms) {
    return RoundMethod.examples(terms);
  }

  private static Optional<String> problemWithKrum(TensorTerms terms, int selected) {
    int clients = terms.besideBase().size();
    int f = terms.merge().get(MiddleMethod.BYZANTINE);
    if (clients < 2 * f + 3) {
      return Optional.of(
          "f is %s, which takes at least 2f + 3 clients, but there are %s; lower f to %s or wait for more"
              .formatted(f, clients, Math.max(0, (clients - 3) / 2)));
    }
    return selected <= clients - f
        ? Optional.empty()
        : Optional.of(
            "m is %s, must be at most %s: the clients without the f that may be hostile"
                .formatted(selected, clients - f));
  }

  /** Places of trusted models among the clients. */
  private static List<Integer> trusted(TensorTerms terms) {
    List<Integer> clients = terms.besideBase();
    return IntStream.range(0, clients.size())
        .filter(i -> terms.models().get(clients.get(i)).get(TRUSTED))
        .boxed()
        .toList();
  }
}
