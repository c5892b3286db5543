package dev.stockpot.merge.recipe;

import static dev.stockpot.merge.recipe.Recipes.parse;

/** Parameters of a recipe for TIES. */
abstract class RecipeParameterCases {
  static String ties(String parameters) {
    return """
    merge_method: ties
    base_model: base
    models:
      - model: a
        parameters:
          weight: 1
    parameters:
      %s
    """
        .formatted(parameters);
  }

  static Object valueOf(String parameters, String name) {
    Recipe recipe = parse(ties(parameters));
    Slice slice = recipe.slices().get(0);
    return new ParameterLookup(recipe).mergeValues(slice, "x", 0).values().values().get(name);
  }
}
