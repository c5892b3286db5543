package dev.stockpot.merge.run;

import dev.stockpot.merge.recipe.ModelReference;
import dev.stockpot.merge.recipe.Problems;
import dev.stockpot.merge.recipe.Recipe;
import dev.stockpot.merge.recipe.Stages;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.ObjectSource;
import dev.stockpot.merge.storage.Place;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

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
        new ModelPatterns(places.store(), places::of, taken(outputs, written.stages()));
    requireNoFolder(written, places);
    List<Recipe> expanded = new ArrayList<>();
    for (Recipe each : written.all()) {
      OneFolder folders =
          new OneFolder(places::of, model -> written.stages().of(model).isPresent());
      expanded.add(folders.named(patterns.expand(each)));
    }
    Recipe last = expanded.remove(expanded.size() - 1);
    return RoundsBefore.checked(last.with(written.stages().with(expanded)), places);
  }

  /** Where nothing may be taken for a model: outputs, and what stages leave beside them. */
  private static List<Place> taken(List<Location> outputs, Stages stages) {
    List<Place> taken = new ArrayList<>();
    for (Location output : outputs) {
      taken.add(Place.of(output));
      if (!stages.isEmpty()) {
        taken.add(Place.of(StageFolder.kept(output)));
        taken.add(Place.of(StageFolder.scratch(output)));
      }
    }
    return taken;
  }

  /** Refuses stages that are called like something that is there: nobody could tell which. */
  private static void requireNoFolder(Recipe recipe, Places places) throws IOException {
    Problems problems = new Problems(recipe.source());
    Map<String, Integer> names = new LinkedHashMap<>();
    recipe.stages().names().forEach(stage -> names.put(stage, 0));
    for (Recipe each : recipe.all()) {
      for (ModelReference model : each.references()) {
        if (recipe.stages().of(model).isPresent()) { // with adapters, it may be a folder as well
          names.merge(model.path(), model.line(), (before, line) -> before == 0 ? line : before);
        }
      }
    }
    for (Map.Entry<String, Integer> name : names.entrySet()) {
      Location place = places.folder(name.getKey());
      problems.addIf(
          isThere(place, places.store()),
          name.getValue(),
          "stage `%s` is called like %s, which exists; rename the stage"
              .formatted(name.getKey(), place));
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
