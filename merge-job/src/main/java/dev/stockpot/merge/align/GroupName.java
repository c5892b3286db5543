package dev.stockpot.merge.align;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How a spec calls a group of units: {@code mlp.{l}} is one for each number. {@code {<i}} names the
 * one before it of those that there are, {@code {<=i}} itself or the one before, {@code {last}} the
 * last one.
 *
 * @param kind what all of them are called by: {@code mlp.{}}
 * @param letters of its numbers, in order
 */
record GroupName(String text, String kind, List<String> letters, Which which) {
  private static final Pattern NUMBER = Pattern.compile("\\{(<=|<)?([a-z]+)}");
  private static final Pattern WORDS = Pattern.compile("[A-Za-z0-9_.{}<=]+");

  /** Which of a kind is meant. */
  enum Which {
    THIS,
    BEFORE,
    THIS_OR_BEFORE,
    LAST
  }

  GroupName {
    letters = List.copyOf(letters);
  }

  /**
   * A name.
   *
   * @throws IllegalArgumentException if it is none
   */
  static GroupName of(String text) {
    List<MatchResult> numbers = NUMBER.matcher(text).results().toList();
    String kind = NUMBER.matcher(text).replaceAll("{}");
    if (!WORDS.matcher(text).matches() || kind.replace("{}", "").matches(".*[{}<=].*")) {
      throw new IllegalArgumentException(
          "`%s` is no name of a group of units, such as mlp.{l}".formatted(text));
    }
    Which which = Which.THIS;
    for (MatchResult number : numbers) {
      String sign = number.group(1) == null ? "" : number.group(1);
      if (number.group(2).equals("last")) {
        which = Which.LAST;
      } else if (!sign.isEmpty()) {
        which = sign.equals("<") ? Which.BEFORE : Which.THIS_OR_BEFORE;
      }
    }
    return new GroupName(
        text, kind, numbers.stream().map(number -> number.group(2)).toList(), which);
  }

  /**
   * The values of its numbers in a tensor's name.
   *
   * @throws IllegalArgumentException if that has one of them under no letter, or another
   */
  List<Integer> numbers(Map<String, Integer> found) {
    List<Integer> numbers = new ArrayList<>();
    letters.forEach(letter -> numbers.add(number(letter, found)));
    return numbers;
  }

  /** The value of one of them, likewise. */
  int number(String letter, Map<String, Integer> found) {
    Integer number = found.get(letter);
    if (number == null) {
      throw new IllegalArgumentException(
          "nothing tells the number {%s} of `%s`; call it by one letter wherever it is meant"
              .formatted(letter, text));
    }
    return number;
  }

  /** The name of one of a kind. */
  static String of(String kind, List<Integer> numbers) {
    Matcher matcher = Pattern.compile("\\{}").matcher(kind);
    StringBuilder name = new StringBuilder();
    for (int number : numbers) {
      matcher.find();
      matcher.appendReplacement(name, String.valueOf(number));
    }
    return matcher.appendTail(name).toString();
  }
}
