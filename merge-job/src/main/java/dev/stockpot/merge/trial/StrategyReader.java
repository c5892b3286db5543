package dev.stockpot.merge.trial;

import dev.stockpot.merge.choose.HalvingRules;
import dev.stockpot.merge.choose.Nsga2Rules;
import dev.stockpot.merge.choose.SearchState;
import dev.stockpot.merge.json.JsonException;
import dev.stockpot.merge.recipe.MapNode;
import dev.stockpot.merge.recipe.Problems;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads how a search goes on. */
final class StrategyReader {
  /** The keys that each strategy has of its own. */
  private static final Map<String, List<String>> OWN =
      Map.of(
          "cma_es", List.of("evaluations", "population", "sigma", "state"),
          "grid", List.of("evaluations", "levels"),
          "random", List.of("evaluations"),
          "sobol", List.of("evaluations"),
          "nsga2", List.of("evaluations", "population", "pick"),
          "halving", List.of("candidates", "min", "max", "eta"));

  private static final List<String> STRATEGIES =
      List.of("cma_es", "grid", "random", "sobol", "nsga2", "halving");
  private static final List<String> OF_ALL = List.of("strategy", "seed", "hours", "layers");
  static final int MOST_EVALUATIONS = 1_000_000;

  private StrategyReader() {}

  static Keys keys(MapNode map, Problems problems) {
    Set<String> known = new LinkedHashSet<>(OF_ALL);
    STRATEGIES.forEach(strategy -> known.addAll(OWN.get(strategy)));
    return new Keys("`search`", List.copyOf(known), map, problems);
  }

  static Strategy read(Keys keys, TrialRecipe.Texts texts, Problems problems) {
    String strategy = keys.oneOf("strategy", STRATEGIES, "cma_es");
    for (String other : STRATEGIES) {
      for (String key : OWN.get(other)) {
        problems.addIf(
            keys.has(key) && !OWN.get(strategy).contains(key),
            keys.lineOf(key),
            "`%s` has no effect on `strategy: %s`; remove it".formatted(key, strategy));
      }
    }
    long seed = keys.whole("seed", 0, Integer.MAX_VALUE, 0);
    int evaluations =
        keys.whole("evaluations", 1, MOST_EVALUATIONS, strategy.equals("grid") ? 0 : 100);
    return switch (strategy) {
      case "grid" -> new Strategy.Grid(keys.whole("levels", 2, 1000, 5), evaluations);
      case "random", "sobol" -> new Strategy.Draws(strategy.equals("sobol"), evaluations, seed);
      case "nsga2" ->
          new Strategy.Nsga2(
              new Nsga2Rules(
                  keys.whole("population", 4, 10_000, 20),
                  evaluations,
                  seed,
                  keys.oneOf("pick", List.of("weights", "knee"), "weights").equals("knee")));
      case "halving" -> new Strategy.Halving(halving(keys, problems), seed);
      default ->
          new Strategy.CmaEs(
              keys.number("sigma", 1e-6, 1, 1.0 / 6),
              keys.whole("population", 2, 10_000, 0),
              evaluations,
              seed,
              state(keys, texts, problems));
    };
  }

  /** Where another search stood, whose place the recipe names. */
  private static Optional<SearchState> state(
      Keys keys, TrialRecipe.Texts texts, Problems problems) {
    if (!keys.has("state")) {
      return Optional.empty();
    }
    problems.addIf(
        keys.has("sigma"),
        keys.lineOf("sigma"),
        "`sigma` is the first step, and `state` says where a search stands already; remove one of"
            + " them");
    String place = keys.word("state").orElse("");
    try {
      return Optional.of(StateJson.read(texts.read(place)));
    } catch (IOException e) {
      problems.add(
          keys.lineOf("state"),
          "`state` %s cannot be read: %s. Name the manifest of what a search chose, or a state.json"
              .formatted(place, e.getMessage()));
    } catch (JsonException e) {
      problems.add(
          keys.lineOf("state"),
          "`state` %s: %s. Name the manifest of what a search chose, or a state.json"
              .formatted(place, e.getMessage()));
    }
    return Optional.empty();
  }

  private static HalvingRules halving(Keys keys, Problems problems) {
    problems.addIf(
        !keys.has("max"),
        keys.line(),
        "halving needs `max`, the number of examples that the last candidates are scored on");
    int most = keys.whole("max", 1, Integer.MAX_VALUE, 1);
    int eta = keys.whole("eta", 2, 1000, 3);
    int least = keys.whole("min", 1, Integer.MAX_VALUE, Math.max(1, most / (eta * eta)));
    problems.addIf(
        least > most,
        keys.lineOf("min"),
        "`min` is %s examples, and `max` is %s; `min` must not be above it".formatted(least, most));
    int candidates = keys.whole("candidates", 1, MOST_EVALUATIONS, eta * eta * eta);
    return HalvingRules.of(candidates, Math.min(least, most), most, eta);
  }
}
