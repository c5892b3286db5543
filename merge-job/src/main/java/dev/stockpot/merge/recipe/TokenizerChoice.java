package dev.stockpot.merge.recipe;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The tokenizer that a result is to have.
 *
 * @param source whose tokens these are
 * @param model that gives them, where the source says so
 * @param tokens what is said of single ones, by their text
 * @param padding how many rows there are beyond those of tokens
 * @param line where the recipe says it
 */
public record TokenizerChoice(
    Source source,
    Optional<ModelReference> model,
    Map<String, TokenChoice> tokens,
    Padding padding,
    int line) {

  /** Whose tokens a result has. */
  public enum Source {
    /** The base model's, then those of all others that it lacks. */
    UNION,
    /** The base model's, or the first model's. */
    BASE,
    /** Those of the model that is named. */
    MODEL
  }

  /**
   * Rows that no token has.
   *
   * @param multiple of which the number of all rows is one
   * @param isKept whether there are as many rows as the model with most of them has
   */
  public record Padding(int multiple, boolean isKept) {
    /** None: there are as many rows as tokens. */
    public static final Padding NONE = new Padding(1, false);

    public Padding {
      if (multiple < 1) {
        throw new IllegalArgumentException("a multiple of %s".formatted(multiple));
      }
    }
  }

  public TokenizerChoice {
    requireNonNull(source, "source is null");
    requireNonNull(padding, "padding is null");
    if (model.isPresent() != (source == Source.MODEL)) {
      throw new IllegalArgumentException("%s of %s".formatted(source, model));
    }
    tokens = Collections.unmodifiableMap(new LinkedHashMap<>(tokens));
  }
}
