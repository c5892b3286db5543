package dev.stockpot.merge.run;

import dev.stockpot.merge.commit.OutputGuard;
import dev.stockpot.merge.recipe.ModelReference;
import dev.stockpot.merge.recipe.Recipe;
import dev.stockpot.merge.settings.Settings;
import dev.stockpot.merge.settings.SourceFiles;
import dev.stockpot.merge.storage.Location;
import java.nio.file.Path;
import java.util.Optional;

/** All that a merge reads, so that its output is none of it. */
final class InputsOfMerge {
  private InputsOfMerge() {}

  /**
   * Refuses an output that a merge would lose something by.
   *
   * @param recipe without patterns
   * @param source where it is from
   * @throws dev.stockpot.merge.UserException if it would
   */
  static void guard(
      Location output,
      Recipe recipe,
      MergeRecipe source,
      Settings settings,
      Optional<String> settingsFile) {
    OutputGuard guard = new OutputGuard(output);
    source.guard(guard);
    settings(guard, settingsFile);
    for (ModelReference model : Planned.references(recipe)) {
      guard.folder(
          "the model %s (%s, line %s)".formatted(model, recipe.source(), model.line()),
          Planned.location(model, settings));
    }
    guard.check();
  }

  /** The files that settings are from. */
  static void settings(OutputGuard guard, Optional<String> settingsFile) {
    if (settingsFile.isEmpty()) {
      return;
    }
    Location file = new Location(settingsFile.get());
    if (!file.isPlainPath()) {
      guard.file("a file of settings", file);
      return;
    }
    for (Path part : SourceFiles.ofSettings(Path.of(settingsFile.get()))) {
      guard.file("a file of settings", new Location(part.toString()));
    }
  }
}
