package dev.stockpot.merge.recipe;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * The chat template that a result is to have.
 *
 * @param text {@code auto}, the name of one that is built in, or the template itself
 * @param line where the recipe says it
 */
public record TemplateChoice(String text, int line) {
  /** The word for the one that most models have. */
  public static final String AUTO = "auto";

  /** Those that are built in, by the formats that they write. */
  public static final List<String> NAMES =
      List.of("alpaca", "chatml", "exaone", "llama3", "mistral");

  /** Shorter texts are names, and wrong ones. */
  private static final int LEAST_CHARACTERS = 20;

  public TemplateChoice {
    requireNonNull(text, "text is null");
    if (!isAuto(text) && !isNamed(text) && !isLiteral(text)) {
      throw new IllegalArgumentException("%s is no chat template".formatted(text));
    }
  }

  /** Whether models vote. */
  public boolean isAuto() {
    return isAuto(text);
  }

  /** Whether it is the name of one that is built in. */
  public boolean isNamed() {
    return isNamed(text);
  }

  private static boolean isAuto(String text) {
    return text.equals(AUTO);
  }

  private static boolean isNamed(String text) {
    return NAMES.contains(text);
  }

  private static boolean isLiteral(String text) {
    return text.length() >= LEAST_CHARACTERS && text.contains("{");
  }

  /** Whether a text can be a choice. */
  static boolean isOne(String text) {
    return isAuto(text) || isNamed(text) || isLiteral(text);
  }
}
