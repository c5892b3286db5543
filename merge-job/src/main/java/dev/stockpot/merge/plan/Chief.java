package dev.stockpot.merge.plan;

import dev.stockpot.merge.plan.Gathering.Found;
import dev.stockpot.merge.recipe.ModelReference;
import dev.stockpot.merge.recipe.Recipe;
import dev.stockpot.merge.recipe.Slice;
import java.util.List;
import java.util.Optional;

/**
 * The input whose type counts and that is copied where nothing is merged: the base's, else the
 * first.
 */
final class Chief {
  private Chief() {}

  /** Its place among the inputs that were found. */
  static int of(Recipe recipe, Slice slice, List<Optional<Found>> found) {
    int place = 0;
    for (int i = 0; i < found.size(); i++) {
      if (found.get(i).isPresent()) {
        if (recipe.isBase(slice, slice.sources().get(i))) {
          return place;
        }
        place++;
      }
    }
    return 0;
  }

  /** The model of it, where all inputs were found. */
  static ModelReference model(Recipe recipe, Slice slice, List<Optional<Found>> found) {
    return slice.sources().get(of(recipe, slice, found)).model();
  }
}
