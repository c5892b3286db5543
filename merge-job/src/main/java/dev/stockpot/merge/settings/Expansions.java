package dev.stockpot.merge.settings;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What substitutions come to: ten that each stand for ten that each stand for ten more are a
 * thousand values. Counts rather too many than too few.
 */
final class Expansions {
  private static final double MOST = Double.MAX_VALUE / 4;

  private final List<Definition> definitions = new ArrayList<>();
  private final Map<String, Double> known = new HashMap<>();

  /** Where a path is given a value, with the paths that stand in it. */
  private record Definition(String path, List<String> targets) {
    private boolean isOf(String wanted) {
      return isIn(path, wanted) || isIn(wanted, path);
    }

    private boolean isOfItself() {
      return targets.stream().anyMatch(path::equals);
    }

    private static boolean isIn(String path, String of) {
      return path.equals(of) || path.startsWith(of + '\n');
    }
  }

  /** A path is given a value. */
  void define(List<String> path) {
    definitions.add(new Definition(joined(path), new ArrayList<>()));
  }

  /** In the value of the path that was defined last stands another. */
  void substitute(List<String> target) {
    if (definitions.isEmpty()) {
      define(List.of());
    }
    definitions.get(definitions.size() - 1).targets().add(joined(target));
  }

  private static String joined(List<String> path) {
    return String.join("\n", path);
  }

  /** The values of all paths together. */
  double total() {
    definitions.removeIf(definition -> definition.targets().isEmpty());
    double total = 1;
    for (Definition definition : definitions) {
      total += weight(definition.path());
    }
    return total;
  }

  /** How many values a path stands for, one at least. */
  private double weight(String path) {
    Double before = known.get(path);
    if (before != null) {
      return before;
    }
    known.put(path, 1.0); // for a path that leads back to itself, which the library refuses
    double weight = 1;
    for (Definition definition : definitions) {
      if (definition.isOf(path)) {
        double own = 1;
        for (String target : definition.targets()) {
          own += target.equals(definition.path()) ? weight : weight(target);
        }
        weight = Math.min(MOST, definition.isOfItself() ? own : weight + own);
      }
    }
    known.put(path, weight);
    return weight;
  }
}
