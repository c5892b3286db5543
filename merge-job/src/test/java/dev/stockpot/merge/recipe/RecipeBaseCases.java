package dev.stockpot.merge.recipe;

import static dev.stockpot.merge.recipe.Recipes.parse;

import java.util.List;

/** Models as recipes with a base have them. */
abstract class RecipeBaseCases {
  static List<String> modelsOf(String yaml) {
    return parse(yaml).slices().get(0).sources().stream()
        .map(source -> source.model().path())
        .toList();
  }
}
