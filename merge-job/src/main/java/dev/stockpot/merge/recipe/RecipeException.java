package dev.stockpot.merge.recipe;

import dev.stockpot.merge.FailureKind;
import dev.stockpot.merge.UserException;
import java.util.List;
import java.util.Optional;

/**
 * A recipe has problems. The message has one line for each: {@code recipe.yml:12: what and how}.
 */
public final class RecipeException extends UserException {
  private static final long serialVersionUID = 1;

  private final transient Optional<Recipe> rest;

  RecipeException(List<String> problems) {
    this(problems, Optional.empty());
  }

  RecipeException(List<String> problems, Optional<Recipe> rest) {
    super(String.join("\n", problems));
    this.rest = rest;
  }

  /** The recipe without what is wrong, if models can be looked at all the same. */
  public Optional<Recipe> rest() {
    return rest == null ? Optional.empty() : rest; // one that travelled
  }

  @Override
  public FailureKind kind() {
    return FailureKind.RECIPE;
  }
}
