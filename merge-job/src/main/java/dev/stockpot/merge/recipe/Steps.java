package dev.stockpot.merge.recipe;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * Which folders of a run a pattern stands for, by the step in their names: the last number of what
 * the stars stand for. A run leaves checkpoints off its grid where it was stopped; they stay out.
 *
 * @param from the first step that counts
 * @param to the last one
 * @param every steps are multiples of this
 * @param last how many of them, counted from the end
 * @param line where the recipe says so
 */
public record Steps(long from, long to, long every, int last, int line) {
  /** Digits of a step; what is longer is a digest or a date with a time. */
  private static final int MOST_DIGITS = 18;

  public Steps {
    if (from < 0 || to < from || every < 1 || last < 1) {
      throw new IllegalArgumentException(
          "steps %s to %s, every %s, the last %s".formatted(from, to, every, last));
    }
  }

  /**
   * Those of a pattern's matches that count.
   *
   * @param matches oldest first
   */
  public List<ModelReference> of(ModelReference pattern, List<ModelReference> matches) {
    List<ModelReference> kept = new ArrayList<>();
    for (ModelReference match : matches) {
      OptionalLong step = step(pattern.path(), match.path());
      if (step.isPresent() && holds(step.getAsLong())) {
        kept.add(match);
      }
    }
    return kept.subList(Math.max(0, kept.size() - last), kept.size());
  }

  private boolean holds(long step) {
    return step >= from && step <= to && step % every == 0;
  }

  /** In the last part of the path that the pattern leaves open and that has a number. */
  static OptionalLong step(String pattern, String path) {
    String[] open = pattern.split("/", -1);
    String[] parts = path.split("/", -1);
    for (int back = 1; back <= Math.min(open.length, parts.length); back++) {
      String part = parts[parts.length - back];
      if (!part.equals(open[open.length - back])) {
        OptionalLong number = lastNumber(part);
        if (number.isPresent()) {
          return number;
        }
      }
    }
    return OptionalLong.empty();
  }

  private static OptionalLong lastNumber(String name) {
    int end = name.length();
    while (end > 0 && !isDigit(name.charAt(end - 1))) {
      end--;
    }
    int begin = end;
    while (begin > 0 && isDigit(name.charAt(begin - 1))) {
      begin--;
    }
    return begin == end || end - begin > MOST_DIGITS
        ? OptionalLong.empty()
        : OptionalLong.of(Long.parseLong(name.substring(begin, end)));
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }
}
