package dev.stockpot.merge.cli;

import dev.stockpot.merge.commit.OutputGuard;
import dev.stockpot.merge.recipe.ModelReference;
import dev.stockpot.merge.recipe.Recipe;
import dev.stockpot.merge.settings.Settings;
import dev.stockpot.merge.settings.SourceFiles;
import dev.stockpot.merge.storage.Location;
import java.nio.file.Path;
import java.util.Set;

/** All that a merge reads, so that its output is none of it. */
final class InputsOfMerge {
  private InputsOfMerge() {}

  /**
   * Refuses an output that a merge would lose something by.
   *
   * @param recipe without patterns
   * @param settingsFiles that the settings are from
   * @throws dev.stockpot.merge.UserException if it would
   */
  static void guard(
      Location output, Recipe recipe, Settings settings, Set<Location> settingsFiles) {
    OutputGuard guard = new OutputGuard(output);
    Location source = new Location(recipe.source());
    if (source.isPlainPath() && Planned.isHocon(source.name())) {
      for (Path file : SourceFiles.ofRecipe(Path.of(source.path()))) {
        guard.file("a file of the recipe", new Location(file.toString()));
      }
    } else {
      guard.file("the recipe", source);
    }
    settingsFiles.forEach(file -> guard.file("a file of settings", file));
    for (ModelReference model : Planned.references(recipe)) {
      guard.folder(
          "the model %s (%s, line %s)".formatted(model, recipe.source(), model.line()),
          Planned.location(model, settings));
    }
    guard.check();
  }
}
