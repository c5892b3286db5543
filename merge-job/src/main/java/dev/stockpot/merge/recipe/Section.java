package dev.stockpot.merge.recipe;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One mapping of a recipe. It hands out the values of the keys it knows, and reports every other
 * key: one that is ignored in silence is one that somebody believes in.
 */
final class Section {
  private final MapNode map;
  private final Problems problems;

  /**
   * The keys of one kind of mapping.
   *
   * @param owner what the mapping describes, for messages: {@code a slice}
   * @param known the keys it may have
   * @param refused keys that mean something elsewhere, and what to do about them here
   */
  record Keys(String owner, List<String> known, Map<String, String> refused) {
    Keys {
      known = List.copyOf(known);
      refused = Map.copyOf(refused);
    }

    /** Knows parameters of merge methods for what they are, where {@code parameters} is a key. */
    Keys notParameters(List<String> names) {
      Map<String, String> all = new HashMap<>(refused);
      names.forEach(name -> all.put(name, "is a parameter; put it under `parameters`"));
      return new Keys(owner, known, all);
    }
  }

  Section(MapNode map, Keys keys, Problems problems) {
    this.map = map;
    this.problems = problems;
    for (MapNode.Entry entry : map.entries()) {
      String key = entry.key();
      if (keys.refused().containsKey(key)) {
        problems.add(entry.line(), "`%s` %s".formatted(key, keys.refused().get(key)));
      } else if (!keys.known().contains(key)) {
        String remedy = Suggestion.or("its keys are", key, keys.known());
        problems.add(
            entry.line(), "`%s` is not a key of %s; %s".formatted(key, keys.owner(), remedy));
      } else if (isNull(entry)) {
        problems.add(
            entry.line(), "`%s` has no value; give it one or remove the line".formatted(key));
      }
    }
  }

  int line() {
    return map.line();
  }

  /** Whether the key is there, with any value or none. */
  boolean has(String key) {
    return map.entry(key).isPresent();
  }

  /** The line of a key that is there, or else of the mapping. */
  int lineOf(String key) {
    return map.entry(key).map(MapNode.Entry::line).orElse(map.line());
  }

  Optional<Node> value(String key) {
    return map.entry(key).filter(entry -> !isNull(entry)).map(MapNode.Entry::value);
  }

  /** A word; anything else is a problem. */
  Optional<String> word(String key) {
    Optional<Node> value = value(key);
    if (value.isPresent() && value.get() instanceof ScalarNode scalar) {
      return Optional.of(scalar.text());
    }
    problems.addIf(value.isPresent(), lineOf(key), "`%s` must be one word".formatted(key));
    return Optional.empty();
  }

  /** The elements of a list; anything else, and an empty list, is a problem. */
  List<Node> list(String key) {
    Optional<Node> value = value(key);
    if (value.isPresent() && value.get() instanceof ListNode list) {
      problems.addIf(
          list.elements().isEmpty(),
          lineOf(key),
          "`%s` is empty; list at least one".formatted(key));
      return list.elements();
    }
    problems.addIf(value.isPresent(), lineOf(key), "`%s` must be a list".formatted(key));
    return List.of();
  }

  /** A mapping; anything else is a problem. */
  Optional<MapNode> map(String key) {
    Optional<Node> value = value(key);
    if (value.isPresent() && value.get() instanceof MapNode inner) {
      return Optional.of(inner);
    }
    problems.addIf(
        value.isPresent(), lineOf(key), "`%s` must be a mapping, `name: value`".formatted(key));
    return Optional.empty();
  }

  private static boolean isNull(MapNode.Entry entry) {
    return entry.value() instanceof ScalarNode scalar && scalar.isNull();
  }
}
