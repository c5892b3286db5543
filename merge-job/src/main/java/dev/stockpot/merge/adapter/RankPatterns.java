package dev.stockpot.merge.adapter;

import dev.stockpot.merge.json.JsonObject;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Ranks of modules that are not the adapter's. PEFT takes a key for the end of names, and the first
 * that fits: longer keys come first, and a module that another one's key would catch has its own.
 *
 * @param ranks of all modules
 * @param rank of those that have none of their own
 */
record RankPatterns(Map<String, Integer> ranks, int rank) {
  /** As a configuration has them. */
  JsonObject json() {
    Map<String, Integer> own = new LinkedHashMap<>();
    ranks.forEach(
        (module, found) -> {
          if (found != rank) {
            own.put(module, found);
          }
        });
    Optional<String> wrong = wrong(own);
    while (wrong.isPresent()) {
      own.put(wrong.get(), ranks.get(wrong.get()));
      wrong = wrong(own);
    }
    JsonObject patterns = JsonObject.EMPTY;
    for (String module : ordered(own)) {
      patterns = patterns.with(module, own.get(module));
    }
    return patterns;
  }

  private static List<String> ordered(Map<String, Integer> patterns) {
    return patterns.keySet().stream()
        .sorted(
            Comparator.comparingInt(String::length)
                .reversed()
                .thenComparing(Comparator.naturalOrder()))
        .toList();
  }

  /** A module to which patterns give another rank than it has. */
  private Optional<String> wrong(Map<String, Integer> patterns) {
    List<Map.Entry<Pattern, Double>> read = new ArrayList<>();
    for (String module : ordered(patterns)) {
      read.add(Map.entry(Scales.pattern(module), (double) patterns.get(module)));
    }
    Scales scales = new Scales(rank, rank, false, read, read);
    return ranks.entrySet().stream()
        .filter(entry -> scales.rankOf(entry.getKey()) != entry.getValue())
        .map(Map.Entry::getKey)
        .findFirst();
  }
}
