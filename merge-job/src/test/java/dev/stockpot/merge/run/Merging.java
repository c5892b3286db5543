package dev.stockpot.merge.run;

import dev.stockpot.merge.engine.InProcessEngine;
import dev.stockpot.merge.recipe.Recipe;
import dev.stockpot.merge.recipe.UnknownKeys;
import dev.stockpot.merge.spark.SparkEngine;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.ObjectStore;
import dev.stockpot.merge.storage.local.LocalStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** Merges with what only tests have. */
public final class Merging {
  private Merging() {}

  /** On a Spark of its own, from and to a store. */
  public static Stockpot through(ObjectStore store) {
    return new Stockpot(
        new OwnEngine(() -> true, settings -> SparkEngine.start(settings.tasks())), store);
  }

  /** One merge, which may replace its output. */
  public static MergeOutcome through(
      ObjectStore store, Path recipe, Path output, Map<String, String> settings) {
    try (Stockpot stockpot = through(store)) {
      return stockpot.merge(
          MergeRecipe.at(recipe.toString()),
          output.toString(),
          MergeOptions.DEFAULT.overwriting().withSettings(settings));
    }
  }

  /** One merge of this machine's files on an engine that is no Spark. */
  public static MergeOutcome here(Path recipe, Path output, Map<String, String> settings) {
    MergeOptions options = MergeOptions.DEFAULT.overwriting().withSettings(settings);
    return here(recipe, output, options, MergeListener.SILENT);
  }

  /** The same, with other options, and heard of. */
  public static MergeOutcome here(
      Path recipe, Path output, MergeOptions options, MergeListener listener) {
    GivenEngine engine = new GivenEngine(new InProcessEngine(), true, Map.of());
    try (Stockpot stockpot = new Stockpot(engine, new LocalStore())) {
      return stockpot.merge(
          MergeRecipe.at(recipe.toString()), output.toString(), options, listener);
    }
  }

  /** A recipe as it stands in a file. */
  public static Recipe parse(Path recipe) throws IOException {
    return RecipeFile.read(new LocalStore(), new Location(recipe.toString()), UnknownKeys.NOTICE)
        .ofOneMerge();
  }
}
