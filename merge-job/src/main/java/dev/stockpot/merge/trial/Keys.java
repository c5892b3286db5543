package dev.stockpot.merge.trial;

import dev.stockpot.merge.recipe.ListNode;
import dev.stockpot.merge.recipe.MapNode;
import dev.stockpot.merge.recipe.Node;
import dev.stockpot.merge.recipe.Problems;
import dev.stockpot.merge.recipe.ScalarNode;
import dev.stockpot.merge.recipe.Suggestion;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Values of one mapping of a recipe, checked while they are read. */
final class Keys {
  private final MapNode map;
  private final Problems problems;

  /**
   * The values of a mapping.
   *
   * @param owner whose they are, for messages
   * @param known keys; any other one is a problem
   */
  Keys(String owner, List<String> known, MapNode map, Problems problems) {
    this.map = map;
    this.problems = problems;
    for (MapNode.Entry entry : map.entries()) {
      if (!known.contains(entry.key())) {
        problems.add(
            entry.line(),
            "`%s` is not a key of %s; %s"
                .formatted(entry.key(), owner, Suggestion.or("its keys are", entry.key(), known)));
      } else if (entry.value() instanceof ScalarNode scalar && scalar.isNull()) {
        problems.add(
            entry.line(),
            "`%s` has no value; give it one or remove the line".formatted(entry.key()));
      }
    }
  }

  boolean has(String key) {
    return map.entry(key).isPresent();
  }

  int lineOf(String key) {
    return map.entry(key).map(MapNode.Entry::line).orElse(map.line());
  }

  int line() {
    return map.line();
  }

  Optional<Node> value(String key) {
    return map.entry(key).map(MapNode.Entry::value);
  }

  Optional<String> word(String key) {
    return value(key).filter(ScalarNode.class::isInstance).map(node -> ((ScalarNode) node).text());
  }

  /** One of some words; another one is a problem. */
  String oneOf(String key, List<String> words, String otherwise) {
    if (!has(key)) {
      return otherwise;
    }
    String word = word(key).orElse("no word");
    if (words.contains(word)) {
      return word;
    }
    problems.add(
        lineOf(key),
        "`%s` is %s; %s".formatted(key, word, Suggestion.or("it can be", word, words)));
    return otherwise;
  }

  /** A number of an interval, both ends included. */
  double number(String key, double least, double most, double otherwise) {
    Optional<Double> number = scalar(key);
    boolean isFine = number.filter(value -> value >= least && value <= most).isPresent();
    if (has(key) && !isFine) {
      problems.add(
          lineOf(key),
          "`%s` is %s, must be a number from %s to %s"
              .formatted(key, word(key).orElse("no number"), shown(least), shown(most)));
    }
    return isFine ? number.orElseThrow() : otherwise;
  }

  int whole(String key, int least, int most, int otherwise) {
    double number = number(key, least, most, otherwise);
    if (number != Math.rint(number)) {
      problems.add(lineOf(key), "`%s` is %s, must be a whole number".formatted(key, number));
      return otherwise;
    }
    return (int) number;
  }

  private Optional<Double> scalar(String key) {
    return value(key)
        .flatMap(node -> node instanceof ScalarNode scalar ? scalar.number() : Optional.empty());
  }

  /** Numbers of a list, or a single one; each in an interval. */
  List<Double> numbers(String key, double least, double most, List<Double> otherwise) {
    Optional<Node> value = value(key);
    if (value.isEmpty()) {
      return otherwise;
    }
    List<Node> elements =
        value.get() instanceof ListNode list ? list.elements() : List.of(value.get());
    List<Double> numbers = new ArrayList<>();
    for (Node element : elements) {
      Optional<Double> number =
          element instanceof ScalarNode scalar ? scalar.number() : Optional.empty();
      if (number.filter(n -> n >= least && n <= most).isEmpty()) {
        problems.add(
            element.line() == 0 ? lineOf(key) : element.line(),
            "`%s` must be numbers from %s to %s".formatted(key, shown(least), shown(most)));
        return otherwise;
      }
      numbers.add(number.get());
    }
    problems.addIf(
        numbers.isEmpty(), lineOf(key), "`%s` is empty; give at least one".formatted(key));
    return numbers.isEmpty() ? otherwise : numbers;
  }

  /** Words of a list. */
  List<String> words(String key) {
    List<String> words = new ArrayList<>();
    List<Node> elements =
        value(key).orElseThrow() instanceof ListNode list ? list.elements() : List.of();
    problems.addIf(elements.isEmpty(), lineOf(key), "`%s` must be a list of words".formatted(key));
    for (Node element : elements) {
      if (element instanceof ScalarNode scalar && !scalar.isNull()) {
        words.add(scalar.text());
      } else {
        problems.add(lineOf(key), "`%s` must be a list of words".formatted(key));
        return List.of();
      }
    }
    return words;
  }

  /** {@code 30s}, {@code 15m}, {@code 2h}; a number alone is seconds. */
  Duration duration(String key, Duration otherwise) {
    Optional<Duration> duration = word(key).flatMap(Durations::parse);
    problems.addIf(
        has(key) && duration.isEmpty(),
        lineOf(key),
        "`%s` is %s, must be a time such as 90s, 30m or 2h"
            .formatted(key, word(key).orElse("no time")));
    return duration.orElse(otherwise);
  }

  private static String shown(double number) {
    if (number == Integer.MAX_VALUE || number == Double.MAX_VALUE) {
      return "any larger one";
    }
    return number == Math.rint(number) ? String.valueOf((long) number) : String.valueOf(number);
  }
}
