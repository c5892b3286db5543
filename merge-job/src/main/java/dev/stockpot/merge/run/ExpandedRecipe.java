package dev.stockpot.merge.run;

import dev.stockpot.merge.recipe.Problems;
import dev.stockpot.merge.recipe.Recipe;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.ObjectSource;
import dev.stockpot.merge.storage.Place;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Recipes whose models are folders, each under one name, or stages. */
final class ExpandedRecipe {
  private ExpandedRecipe() {}

  /**
   * Replaces patterns by the folders that they match, and gives each folder one name.
   *
   * @param outputs that they must not match, also if they are not there yet
   */
  static Recipe of(Recipe written, Places places, List<Location> outputs) throws IOException {
    ModelPatterns patterns =
        new ModelPatterns(places.store(), places::of, outputs.stream().map(Place::of).toList());
    Set<String> stages = written.stages().names();
    requireNoFolder(written, stages, places);
    List<Recipe> expanded = new ArrayList<>();
    for (Recipe each : written.all()) {
      OneFolder folders = new OneFolder(places::of, model -> stages.contains(model.path()));
      expanded.add(folders.named(patterns.expand(each)));
    }
    Recipe last = expanded.remove(expanded.size() - 1);
    return last.with(written.stages().with(expanded));
  }

  /** Refuses stages that are called like something that is there: nobody could tell which. */
  private static void requireNoFolder(Recipe recipe, Set<String> stages, Places places)
      throws IOException {
    Problems problems = new Problems(recipe.source());
    for (String stage : stages) {
      Location place = places.folder(stage);
      problems.addIf(
          isThere(place, places.store()),
          0,
          "stage `%s` is called like %s, which exists; rename the stage".formatted(stage, place));
    }
    problems.throwIfAny();
  }

  private static boolean isThere(Location place, ObjectSource store) throws IOException {
    try {
      return !store.list(place).isEmpty() || !store.folders(place).isEmpty();
    } catch (NoSuchFileException e) {
      return false;
    } catch (NotDirectoryException e) {
      return true;
    }
  }
}
