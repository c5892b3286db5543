package dev.stockpot.merge.recipe;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * A regular expression for names of tensors, found anywhere in a name unless it says where. Two are
 * equal if they are written alike.
 *
 * @param text as it was written
 */
public record NamePattern(String text) {
  /** Any name. */
  public static final NamePattern ANY = new NamePattern("^.*$");

  /**
   * A pattern.
   *
   * @throws PatternSyntaxException if it is no regular expression
   */
  public NamePattern {
    Pattern.compile(text);
  }

  /**
   * Reads a pattern; anything else is a problem.
   *
   * @param key the key whose value this is, for messages
   */
  static Optional<NamePattern> read(Node node, String key, Problems problems) {
    try {
      if (node instanceof ScalarNode scalar) {
        return Optional.of(new NamePattern(scalar.text()));
      }
      problems.add(
          node.line(), "`%s` must be a regular expression, not %s".formatted(key, node.shown()));
    } catch (PatternSyntaxException e) {
      problems.add(
          node.line(),
          "`%s` is `%s`, no regular expression: %s"
              .formatted(key, node.shown(), e.getDescription()));
    }
    return Optional.empty();
  }

  /** Whether a name has it. */
  public boolean isIn(String name) {
    return Pattern.compile(text).matcher(name).find();
  }

  /**
   * A name in which something else stands where it was found first; empty where it is not.
   *
   * @param instead {@code $1} is the first group
   */
  public Optional<String> replaced(String name, String instead) {
    Matcher matcher = Pattern.compile(text).matcher(name);
    return matcher.find() ? Optional.of(matcher.replaceFirst(instead)) : Optional.empty();
  }

  @Override
  public String toString() {
    return text;
  }
}
