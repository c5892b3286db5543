package dev.stockpot.merge.plan;

import dev.stockpot.merge.plan.Gathering.Found;
import dev.stockpot.merge.recipe.ModelReference;
import dev.stockpot.merge.recipe.Recipe;
import dev.stockpot.merge.recipe.Slice;
import java.util.List;
import java.util.Optional;

/** Which of a tensor's inputs counts where they differ, and is copied where nothing is merged. */
record Chiefs(Recipe recipe) {

  /** Its place among those that are there: the base's, else the first. */
  int place(Slice slice, List<Optional<Found>> found) {
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

  /** The model at the same place among the sources. */
  ModelReference model(Slice slice, List<Optional<Found>> found) {
    return slice.sources().get(place(slice, found)).model();
  }
}
