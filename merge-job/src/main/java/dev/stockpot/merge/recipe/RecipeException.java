package dev.stockpot.merge.recipe;

import dev.stockpot.merge.FailureKind;
import dev.stockpot.merge.UserException;
import java.util.List;

/**
 * A recipe has problems. The message has one line for each: {@code recipe.yml:12: what and how}.
 */
public final class RecipeException extends UserException {
  private static final long serialVersionUID = 1;

  RecipeException(List<String> problems) {
    super(String.join("\n", problems));
  }

  @Override
  public FailureKind kind() {
    return FailureKind.RECIPE;
  }
}
