package dev.stockpot.merge.advice;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.regex.Pattern;

/**
 * A recipe that may be worth a merge, and why.
 *
 * @param recipe in YAML
 * @param reasons sentences
 */
public record Proposal(String recipe, List<String> reasons) {
  /** Comments fit a terminal. */
  private static final int WIDTH = 100;

  private static final Pattern BLANKS = Pattern.compile("\\s+");

  public Proposal {
    requireNonNull(recipe, "recipe is null");
    reasons = List.copyOf(reasons);
  }

  /** The recipe with its reasons as comments in front: what runs, and says why. */
  public String text() {
    return comments(reasons) + recipe;
  }

  /** Sentences as comments of YAML, each from a line of its own. */
  public static String comments(List<String> sentences) {
    StringBuilder text = new StringBuilder();
    for (String sentence : sentences) {
      StringBuilder line = new StringBuilder("#");
      for (String word : BLANKS.splitAsStream(sentence.strip()).toList()) {
        if (line.length() > 1 && line.length() + 1 + word.length() > WIDTH) {
          text.append(line).append('\n');
          line = new StringBuilder("#  ");
        }
        line.append(' ').append(word);
      }
      text.append(line).append('\n');
    }
    return text.toString();
  }
}
