package dev.stockpot.merge.align;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Names of tensors of one kind: {@code {l}} stands for a number, {@code {gate|up}} for one of some
 * words, {@code [model.]} for what may be there or not.
 */
final class TensorPattern {
  private static final Pattern PIECE =
      Pattern.compile("\\{([a-z]+)}|\\{([^{}]*\\|[^{}]*)}|\\[([^\\[\\]]+)]|[^{}\\[\\]]+");

  private final String text;
  private final Pattern names;
  private final Set<String> numbers = new LinkedHashSet<>();

  /**
   * A pattern.
   *
   * @throws IllegalArgumentException if a bracket has no partner, or two numbers have one letter
   */
  TensorPattern(String text) {
    this.text = text;
    StringBuilder regex = new StringBuilder();
    Matcher piece = PIECE.matcher(text);
    int end = 0;
    while (piece.find() && piece.start() == end) {
      regex.append(regex(piece));
      end = piece.end();
    }
    if (end != text.length() || text.isEmpty()) {
      throw new IllegalArgumentException(
          "`%s` is no name of tensors: `{l}` stands for a number, `{a|b}` for either, `[a]` for what may be missing"
              .formatted(text));
    }
    this.names = Pattern.compile(regex.toString());
  }

  private String regex(Matcher piece) {
    if (piece.group(1) != null) {
      if (!numbers.add(piece.group(1))) {
        throw new IllegalArgumentException(
            "`%s` has {%s} twice; give each number a letter of its own"
                .formatted(text, piece.group(1)));
      }
      return "(?<%s>0|[1-9]\\d{0,8})".formatted(piece.group(1));
    }
    if (piece.group(2) != null) {
      return "(?:%s)"
          .formatted(
              String.join(
                  "|",
                  List.of(piece.group(2).split("\\|", -1)).stream().map(Pattern::quote).toList()));
    }
    if (piece.group(3) == null) {
      return Pattern.quote(piece.group());
    }
    if (piece.group(3).matches(".*[{}].*")) { // which would stand for braces, in no tensor's name
      throw new IllegalArgumentException(
          "`%s` has braces in [%s]; what may be missing is text, without numbers and choices"
              .formatted(text, piece.group(3)));
    }
    return "(?:%s)?".formatted(Pattern.quote(piece.group(3)));
  }

  /** The letters of its numbers. */
  Set<String> numbers() {
    return Set.copyOf(numbers);
  }

  /** The numbers in a name, by their letters; empty if it is of another kind. */
  Optional<Map<String, Integer>> match(String name) {
    Matcher matcher = names.matcher(name);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    Map<String, Integer> found = new LinkedHashMap<>();
    numbers.forEach(letter -> found.put(letter, Integer.valueOf(matcher.group(letter))));
    return Optional.of(found);
  }

  /** A name with another number under a letter, or with what stands for it. */
  String with(String name, String letter, String number) {
    Matcher matcher = names.matcher(name);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("%s is no %s".formatted(name, text));
    }
    return name.substring(0, matcher.start(letter)) + number + name.substring(matcher.end(letter));
  }

  @Override
  public String toString() {
    return text;
  }
}
