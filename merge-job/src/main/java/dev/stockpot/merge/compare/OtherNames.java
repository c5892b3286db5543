package dev.stockpot.merge.compare;

import static java.util.Comparator.comparingInt;
import static java.util.stream.Collectors.groupingBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Tells tensors that only one model has from those that both have under two names. One of the
 * latter beside the other would be two models side by side, of which loaders take one and drop the
 * other.
 */
public final class OtherNames {
  private OtherNames() {}

  /**
   * A tensor of one model, and the tensor of another that is likely the same.
   *
   * @param pairs how many tensors have such a counterpart
   */
  public record Counterparts(String one, String other, int pairs) {}

  /**
   * Looks among what each of two models has alone for what may be one tensor: of one shape, in
   * blocks of one number. Vectors and squares as wide as the model are the shape of anything, so
   * that these must be called alike at their end, and lie in blocks.
   *
   * @param ones shapes of the tensors that only one has, by name
   * @param others of those that only the other has
   * @return empty if no tensor of one need be one of the other
   */
  public static Optional<Counterparts> of(
      Map<String, List<Long>> ones, Map<String, List<Long>> others) {
    Map<List<Object>, List<String>> byPlace =
        others.keySet().stream()
            .sorted()
            .collect(groupingBy(name -> place(name, others.get(name))));
    NavigableMap<String, List<Long>> left = new TreeMap<>(others);
    List<Counterparts> pairs = new ArrayList<>();
    new TreeMap<>(ones)
        .forEach(
            (name, shape) ->
                wrapped(name, left, shape)
                    .or(
                        () ->
                            byPlace.getOrDefault(place(name, shape), List.of()).stream()
                                .filter(left::containsKey)
                                .filter(candidate -> isTelling(name, shape))
                                .max(comparingInt(candidate -> commonEnd(name, candidate))))
                    .ifPresent(
                        best -> {
                          left.remove(best);
                          pairs.add(new Counterparts(name, best, 1));
                        }));
    return pairs.stream()
        .max(comparingInt(pair -> commonEnd(pair.one(), pair.other())))
        .map(best -> new Counterparts(best.one(), best.other(), pairs.size()));
  }

  /**
   * The same name with words in between, or without, whatever its shape: {@code q_proj.weight} and
   * {@code q_proj.parametrizations.weight.original}.
   */
  private static Optional<String> wrapped(
      String name, NavigableMap<String, List<Long>> others, List<Long> shape) {
    int last = name.lastIndexOf('.') + 1;
    String module = name.substring(0, last);
    String end = "." + name.substring(last) + ".";
    Stream<String> longer =
        last == 0
            ? Stream.empty()
            : others.subMap(module, module + Character.MAX_VALUE).keySet().stream()
                .filter(other -> ("." + other.substring(last) + ".").contains(end));
    return Stream.concat(longer, shorter(name))
        .filter(other -> shape.equals(others.get(other)))
        .findFirst();
  }

  /** Names that a name wraps: {@code a.b.c} wraps {@code a.c}. */
  private static Stream<String> shorter(String name) {
    List<String> words = List.of(name.split("\\.", -1));
    List<String> shorter = new ArrayList<>();
    for (int module = words.size() - 2; module > 0; module--) {
      String before = String.join(".", words.subList(0, module)) + ".";
      words.subList(module, words.size()).forEach(word -> shorter.add(before + word));
    }
    return shorter.stream();
  }

  /** What the two names of one tensor have in common. */
  private static List<Object> place(String name, List<Long> shape) {
    String end = isPlain(shape) ? name.substring(name.lastIndexOf('.') + 1) : "";
    return List.of(numbers(name), shape, end);
  }

  private static boolean isTelling(String name, List<Long> shape) {
    return !shape.isEmpty() && (!isPlain(shape) || !numbers(name).isEmpty());
  }

  private static boolean isPlain(List<Long> shape) {
    return shape.stream().distinct().count() <= 1;
  }

  /** The numbers among a name's words: {@code 3.7} of {@code layers.3.experts.7.w1.weight}. */
  private static String numbers(String name) {
    List<String> numbers = new ArrayList<>();
    for (String word : name.split("\\.", -1)) {
      if (!word.isEmpty() && word.chars().allMatch(Character::isDigit)) {
        numbers.add(word);
      }
    }
    return String.join(".", numbers);
  }

  private static int commonEnd(String one, String other) {
    int length = 0;
    while (length < Math.min(one.length(), other.length())
        && one.charAt(one.length() - 1 - length) == other.charAt(other.length() - 1 - length)) {
      length++;
    }
    return length;
  }
}
