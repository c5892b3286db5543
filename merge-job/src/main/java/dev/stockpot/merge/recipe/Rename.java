package dev.stockpot.merge.recipe;

import static java.util.Objects.requireNonNull;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A rule by which tensors of a model are called otherwise.
 *
 * @param from a regular expression, found anywhere in a name unless it says where
 * @param to what stands there instead; {@code $1} is the first group
 * @param line where the recipe says it
 */
public record Rename(String from, String to, int line) {
  private static final Pattern GROUP = Pattern.compile("(?<!\\\\)(?:\\\\\\\\)*\\$(\\d)");

  /**
   * A rule.
   *
   * @throws java.util.regex.PatternSyntaxException if that is no regular expression
   * @throws IllegalArgumentException if it puts in a group that there is not
   */
  public Rename {
    requireNonNull(to, "to is null");
    int groups = Pattern.compile(from).matcher("").groupCount();
    Matcher used = GROUP.matcher(to);
    while (used.find()) {
      if (Integer.parseInt(used.group(1)) > groups) {
        throw new IllegalArgumentException(
            "`%s` puts in group %s, and `%s` has %s"
                .formatted(to, used.group(1), from, groups(groups)));
      }
    }
  }

  private static String groups(int count) {
    return count == 0 ? "no group in parentheses" : count == 1 ? "one group" : count + " groups";
  }

  /**
   * The name that a tensor gets.
   *
   * @throws IllegalArgumentException if what is to stand there makes no sense
   */
  public String apply(String name) {
    return Pattern.compile(from).matcher(name).replaceAll(to);
  }
}
