package dev.stockpot.merge.run;

import dev.stockpot.merge.commit.OutputGuard;
import dev.stockpot.merge.recipe.ModelReference;
import dev.stockpot.merge.recipe.Recipe;
import dev.stockpot.merge.settings.SourceFiles;
import dev.stockpot.merge.storage.Location;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** All that a merge reads, so that its output is none of it. */
final class InputsOfMerge {
  private InputsOfMerge() {}

  /**
   * Refuses outputs that a merge would lose something by: none is what any of the merges reads, nor
   * lies with another in one folder.
   *
   * @param recipes of the merges, without patterns
   * @throws dev.stockpot.merge.UserException if it would
   */
  static void guard(
      List<Merge> merges, List<Recipe> recipes, Places places, Optional<String> settingsFile) {
    Map<String, Location> models = models(recipes, places);
    for (int place = 0; place < merges.size(); place++) {
      OutputGuard guard = new OutputGuard(merges.get(place).folder());
      merges.stream().map(Merge::recipe).distinct().forEach(recipe -> recipe.guard(guard));
      settings(guard, settingsFile);
      models.forEach(guard::folder);
      for (int other = 0; other < merges.size(); other++) {
        if (other != place) {
          guard.file("the output of merge %s".formatted(other + 1), merges.get(other).folder());
        }
      }
      guard.check();
    }
  }

  /** What recipes name, each model once, by words for it. */
  private static Map<String, Location> models(List<Recipe> recipes, Places places) {
    Map<String, Location> models = new LinkedHashMap<>();
    Set<ModelReference> named = new HashSet<>();
    for (Recipe recipe : recipes) {
      for (ModelReference model : Planned.references(recipe)) {
        if (named.add(model)) {
          String words = "(%s, line %s)".formatted(recipe.source(), model.line());
          add("the model %s %s".formatted(model, words), model, places, models);
          for (ModelReference part : parts(model)) {
            add("%s of the model %s %s".formatted(part, model, words), part, places, models);
          }
        }
      }
    }
    for (Recipe recipe : recipes) {
      for (ModelReference adapter : Planned.adaptersOnStages(recipe)) {
        String words = "(%s, line %s)".formatted(recipe.source(), adapter.line());
        add("the adapter %s %s".formatted(adapter, words), adapter, places, models);
      }
    }
    for (Recipe recipe : recipes) {
      for (ModelReference place : Planned.allStatistics(recipe)) {
        models.put(
            "the statistics %s (%s, line %s)".formatted(place, recipe.source(), place.line()),
            places.of(place));
      }
    }
    return models;
  }

  /** A base and its adapters; a folder that has a plus in its name is not known to be one here. */
  private static List<ModelReference> parts(ModelReference model) {
    return model.adapters().isEmpty()
        ? List.of()
        : Stream.concat(Stream.of(model.base()), model.adapters().stream()).toList();
  }

  private static void add(
      String what, ModelReference model, Places places, Map<String, Location> models) {
    models.put(what, places.of(model));
    places.files(model).forEach(files -> models.put(what + " in the cache", files));
  }

  /** The files that settings are from. */
  static void settings(OutputGuard guard, Optional<String> settingsFile) {
    if (settingsFile.isEmpty()) {
      return;
    }
    Location file = Location.typed(settingsFile.get());
    if (!file.isPlainPath()) {
      guard.file("a file of settings", file);
      return;
    }
    for (Path part : SourceFiles.of(file.localPath())) {
      guard.file("a file of settings", new Location(part.toString()));
    }
  }
}
