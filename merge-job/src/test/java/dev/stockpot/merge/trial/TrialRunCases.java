package dev.stockpot.merge.trial;

import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.MemoryStore;
import dev.stockpot.merge.storage.PendingFolder;
import dev.stockpot.merge.storage.Replaceable;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** Trials of small recipes, in memory. */
abstract class TrialRunCases extends TrialRecipeCases {
  static final List<String> A = List.of("a");
  static final List<String> B = List.of("b");
  static final List<String> C = List.of("c");
  static final List<String> AB = List.of("a", "b");
  static final List<String> ABC = List.of("a", "b", "c");
  static final String SEARCH =
      """
      merge_method: linear
      models:
        - {model: a, parameters: {weight: {range: [0, 1]}}}
        - {model: b, parameters: {weight: 1}}
      """;

  final MemoryStore store = new MemoryStore();
  final RecordingKitchen kitchen = new RecordingKitchen();

  /** The recipe, judged by others than it says. */
  static TrialRecipe judged(String text, Judges judges, Optional<Judges> test, double hours) {
    TrialRecipe read = parse(text);
    return new TrialRecipe(
        text, read.plan(), judges, read.example(), hours, List.of(), test, read.ensemble());
  }

  static TrialRecipe judged(String text, Judges judges) {
    return judged(text + EVALUATE, judges, Optional.empty(), Double.POSITIVE_INFINITY);
  }

  static TrialRecipe greedy(Judges judges) {
    return judged("soup: greedy\n" + MODELS, judges);
  }

  static Ingredients named(String... names) {
    Map<String, Map<String, Integer>> stacks = new LinkedHashMap<>();
    List.of(names).forEach(name -> stacks.put(name, Map.of("text", 2)));
    return new Ingredients(stacks, OptionalInt.empty());
  }

  PendingFolder folder(String name) throws IOException {
    return store.resume(new Location("/trials/" + name), Replaceable.NOTHING);
  }

  TrialRun trials(TrialRecipe recipe, PendingFolder journal, Optional<PendingFolder> cache)
      throws IOException {
    return new TrialRun(
        recipe, named("a", "b", "c"), LayerScores.NONE, 7, kitchen, journal, cache, 4);
  }

  /** Runs them in a folder of that name, whose journal stays. */
  TrialRun.Chosen run(String name, TrialRecipe recipe) throws IOException, InterruptedException {
    try (PendingFolder journal = folder(name)) {
      try {
        return trials(recipe, journal, Optional.empty()).run();
      } finally {
        journal.keep();
      }
    }
  }
}
