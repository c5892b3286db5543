package dev.stockpot.merge.run;

import dev.stockpot.merge.UserException;
import dev.stockpot.merge.recipe.Recipe;
import dev.stockpot.merge.recipe.RecipeException;
import dev.stockpot.merge.settings.Settings;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Says of a recipe with a fault what its models would say of it, too: all problems at once. */
final class RecipeFaults {
  private RecipeFaults() {}

  /** How a recipe is parsed. */
  @FunctionalInterface
  interface Parsing {
    WrittenRecipe parse() throws IOException;
  }

  /** The recipe, or all of its faults. */
  static WrittenRecipe orAll(Parsing parsing, Places places, Settings settings) throws IOException {
    try {
      return parsing.parse();
    } catch (RecipeException e) {
      Optional<Recipe> rest = e.rest();
      if (rest.isPresent()) {
        List<UserException> all = new ArrayList<>(List.of(e));
        whatElse(rest.get(), places, settings).ifPresent(all::add);
        FaultsOfMerges.throwIfAny(all);
      }
      throw e;
    }
  }

  private static Optional<UserException> whatElse(Recipe rest, Places places, Settings settings)
      throws IOException {
    try {
      Planned.of(rest, places, settings, Optional.empty());
      return Optional.empty();
    } catch (UserException more) {
      return Optional.of(more);
    }
  }
}
