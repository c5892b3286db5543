package dev.stockpot.merge.recipe;

import static java.util.Objects.requireNonNull;

import dev.stockpot.kernels.method.Range;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A single value.
 *
 * @param value a {@link String}, {@link Double} or {@link Boolean}; null for YAML's and HOCON's
 *     null
 * @param text how it is spelled, for messages and for words that look like numbers
 */
public record ScalarNode(Object value, String text, int line) implements Node {
  private static final Pattern NUMBER =
      Pattern.compile("[-+]?(\\d+(\\.\\d*)?|\\.\\d+)([eE][-+]?\\d+)?");

  // YAML 1.1, which Python tools read, knows more spellings than YAML 1.2
  private static final Set<String> TRUE = Set.of("true", "yes", "on");
  private static final Set<String> FALSE = Set.of("false", "no", "off");

  private static final int MOST_SHOWN = 60;

  public ScalarNode {
    requireNonNull(text, "text is null");
    if (value != null
        && !(value instanceof String)
        && !(value instanceof Double)
        && !(value instanceof Boolean)) {
      throw new IllegalArgumentException("%s is a %s".formatted(text, value.getClass()));
    }
  }

  public static ScalarNode ofText(String text, int line) {
    return new ScalarNode(text, text, line);
  }

  public static ScalarNode ofNumber(double number, int line) {
    return new ScalarNode(number, String.valueOf(number), line);
  }

  public boolean isNull() {
    return value == null;
  }

  /** The number, which may be quoted. */
  public Optional<Double> number() {
    if (value instanceof Double number) {
      return Optional.of(number);
    }
    boolean isQuotedNumber = value instanceof String quoted && NUMBER.matcher(quoted).matches();
    return isQuotedNumber ? Optional.of(Double.valueOf(text)) : Optional.empty();
  }

  /** The flag, in any spelling of YAML 1.1, or as 1 and 0. */
  public Optional<Boolean> flag() {
    if (value instanceof Boolean flag) {
      return Optional.of(flag);
    }
    String word = text.toLowerCase(Locale.ROOT);
    Optional<Double> number = number();
    if (TRUE.contains(word) || number.filter(n -> n == 1).isPresent()) {
      return Optional.of(true);
    }
    if (FALSE.contains(word) || number.filter(n -> n == 0).isPresent()) {
      return Optional.of(false);
    }
    return Optional.empty();
  }

  /** The value in the notation of a range; the text where it has no such value. */
  Object as(Range<?> range) {
    Optional<?> value =
        switch (range.notation()) {
          case NUMBER -> number();
          case FLAG -> flag();
          case WORD -> Optional.empty();
        };
    return value.isPresent() ? value.get() : text;
  }

  @Override
  public String shown() {
    if (text.isBlank()) {
      return "empty";
    }
    return text.length() <= MOST_SHOWN ? text : text.substring(0, MOST_SHOWN) + "…";
  }
}
