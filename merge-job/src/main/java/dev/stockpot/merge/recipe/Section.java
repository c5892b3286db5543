package dev.stockpot.merge.recipe;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

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
   * @param idle keys that change nothing, and why
   * @param level of its {@code parameters}, if it has such a key
   */
  record Keys(
      String owner,
      List<String> known,
      Map<String, String> refused,
      Map<String, String> idle,
      Optional<Level> level) {
    Keys {
      known = List.copyOf(known);
      refused = Map.copyOf(refused);
      idle = Map.copyOf(idle);
      requireNonNull(level, "level is null");
    }
  }

  Section(MapNode map, Keys keys, StrayWords words) {
    this.map = map;
    this.problems = words.problems();
    for (MapNode.Entry entry : map.entries()) {
      String key = entry.key();
      if (keys.refused().containsKey(key)) {
        problems.add(entry.line(), "`%s` %s".formatted(key, keys.refused().get(key)));
      } else if (keys.idle().containsKey(key)) {
        words.tell(entry.line(), "`%s` %s".formatted(key, keys.idle().get(key)));
      } else if (!keys.known().contains(key)) {
        words.key(entry, keys);
      } else if (NeededKeys.isNull(entry) && NeededKeys.isNeeded(map, key)) {
        problems.add(
            entry.line(), "`%s` has no value; give it one or remove the line".formatted(key));
      } else if (NeededKeys.isNull(entry)
          && !key.equals("filter")) { // which then passes every tensor
        words.tell(entry.line(), "`%s` has no value, and counts as not given".formatted(key));
      }
    }
  }

  int line() {
    return map.line();
  }

  /** Whether the key is there, with a value, or with none where it needs one. */
  boolean has(String key) {
    return map.entry(key)
        .filter(entry -> !NeededKeys.isNull(entry) || NeededKeys.isNeeded(map, key))
        .isPresent();
  }

  /** The line of a key that is there, or else of the mapping. */
  int lineOf(String key) {
    return map.entry(key).map(MapNode.Entry::line).orElse(map.line());
  }

  Optional<Node> value(String key) {
    return map.entry(key).filter(entry -> !NeededKeys.isNull(entry)).map(MapNode.Entry::value);
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

  /**
   * One of some things by its word; any other word is a problem.
   *
   * @param word of each
   */
  <T> Optional<T> choice(String key, List<T> choices, Function<T, String> word) {
    Optional<String> said = word(key);
    Optional<T> chosen =
        said.flatMap(it -> choices.stream().filter(one -> word.apply(one).equals(it)).findFirst());
    problems.addIf(
        said.isPresent() && chosen.isEmpty(),
        lineOf(key),
        "`%s` is %s, must be one of %s"
            .formatted(
                key, said.orElse(""), Suggestion.quoted(choices.stream().map(word).toList())));
    return chosen;
  }

  /** Whether it says true, which it does not where it is not there; anything else is a problem. */
  boolean flag(String key) {
    Optional<Node> value = value(key);
    Optional<Boolean> flag =
        value.flatMap(node -> node instanceof ScalarNode scalar ? scalar.flag() : Optional.empty());
    problems.addIf(
        value.isPresent() && flag.isEmpty(),
        lineOf(key),
        "`%s` is %s, must be true or false".formatted(key, value.map(Node::shown).orElse("")));
    return flag.orElse(false);
  }

  /** A finite number, or another where the key is not there; anything else is a problem. */
  double number(String key, double otherwise) {
    Optional<Node> value = value(key);
    Optional<Double> number =
        value.flatMap(
            node ->
                node instanceof ScalarNode scalar
                    ? scalar.number().filter(Double::isFinite)
                    : Optional.empty());
    problems.addIf(
        value.isPresent() && number.isEmpty(),
        lineOf(key),
        "`%s` is %s, must be a number".formatted(key, value.map(Node::shown).orElse("")));
    return number.orElse(otherwise);
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
}
