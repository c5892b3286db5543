package dev.stockpot.merge.recipe;

import static java.util.Objects.requireNonNull;

/**
 * A merge whose result others take as a model, by its name.
 *
 * @param name which models are looked up by before anything else
 * @param recipe without stages of its own: those before this one are in one list with it
 */
public record Stage(String name, Recipe recipe) {
  public Stage {
    requireNonNull(recipe, "recipe is null");
    if (name.isBlank()) {
      throw new IllegalArgumentException("a stage has no name");
    }
  }
}
