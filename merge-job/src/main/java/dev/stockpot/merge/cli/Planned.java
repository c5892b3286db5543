package dev.stockpot.merge.cli;

import dev.stockpot.kernels.methods.MergeMethods;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.merge.UserException;
import dev.stockpot.merge.checkpoint.Checkpoint;
import dev.stockpot.merge.plan.MergePlan;
import dev.stockpot.merge.plan.MergePlanner;
import dev.stockpot.merge.plan.PlanSettings;
import dev.stockpot.merge.recipe.ModelReference;
import dev.stockpot.merge.recipe.Recipe;
import dev.stockpot.merge.recipe.RecipeParser;
import dev.stockpot.merge.recipe.Slice;
import dev.stockpot.merge.recipe.Source;
import dev.stockpot.merge.safetensors.CheckpointReader;
import dev.stockpot.merge.safetensors.SafetensorsLayout;
import dev.stockpot.merge.settings.HoconTree;
import dev.stockpot.merge.settings.Settings;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.ObjectSource;
import dev.stockpot.merge.storage.Place;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * A recipe, its models and what is to be done: everything that is known before a tensor is read.
 *
 * @param models in the order in which the recipe names them
 * @param donor the model that gives configuration and tokenizer: the base, else the first
 */
record Planned(
    Recipe recipe, Map<ModelReference, Checkpoint> models, Checkpoint donor, MergePlan plan) {
  private static final String A_RECIPE = "a recipe";

  /**
   * Parses a recipe, wherever it lies.
   *
   * @param recipe YAML, or HOCON if its name ends in .conf or .hocon
   */
  static Recipe parse(ObjectSource store, Location recipe) throws IOException {
    if (recipe.isPlainPath()) {
      return parse(Path.of(recipe.path()));
    }
    String text = SmallText.read(store, recipe, A_RECIPE);
    return isHocon(recipe.name())
        ? parser().parse(recipe.path(), text, HoconTree.parse(recipe.path(), text))
        : parser().parse(recipe.path(), text);
  }

  /** Parses a recipe that is a file of this machine. */
  static Recipe parse(Path file) throws IOException {
    String text;
    if (Files.isDirectory(file)) {
      throw new UserException("%s is a folder. Name the recipe in it".formatted(file));
    }
    try {
      text = Files.readString(file);
    } catch (MalformedInputException e) {
      throw SmallText.notText(file.toString(), A_RECIPE, e);
    }
    return isHocon(file.getFileName().toString())
        ? parser().parse(file.toString(), text, HoconTree.parse(file.toString(), text, file))
        : parser().parse(file.toString(), text);
  }

  private static RecipeParser parser() {
    return new RecipeParser(MergeMethods.all());
  }

  static boolean isHocon(String name) {
    return name.endsWith(".conf") || name.endsWith(".hocon");
  }

  /** Opens the models of a recipe, headers only, and plans. */
  static Planned of(Recipe written, ObjectSource store, Settings settings, Optional<DType> dtype)
      throws IOException {
    return open(expand(written, store, settings, Optional.empty()), store, settings, dtype);
  }

  /**
   * Replaces patterns by the folders that they match.
   *
   * @param output that they must not match, also if it is not there yet
   */
  static Recipe expand(
      Recipe written, ObjectSource store, Settings settings, Optional<Location> output)
      throws IOException {
    return new ModelPatterns(store, model -> location(model, settings), output.map(Place::of))
        .expand(written);
  }

  /** The same as {@link #of} for a recipe without patterns. */
  static Planned open(Recipe recipe, ObjectSource store, Settings settings, Optional<DType> dtype)
      throws IOException {
    Map<ModelReference, Checkpoint> models = new LinkedHashMap<>();
    List<String> problems = new ArrayList<>();
    Map<ModelReference, CompletableFuture<Checkpoint>> opening = new LinkedHashMap<>();
    for (ModelReference model : references(recipe)) {
      opening.put(
          model, CompletableFuture.supplyAsync(() -> open(store, location(model, settings))));
    }
    for (Map.Entry<ModelReference, CompletableFuture<Checkpoint>> model : opening.entrySet()) {
      try {
        models.put(model.getKey(), model.getValue().join());
      } catch (CompletionException e) {
        problems.add(problem(e.getCause()));
      }
    }
    if (!problems.isEmpty()) {
      throw new UserException(String.join("\n", problems));
    }
    MergePlan plan =
        MergePlanner.plan(
            recipe, models, cuts(settings), dtype, settings.rounding(), settings.seed());
    return new Planned(recipe, models, models.get(recipe.donor()), plan);
  }

  static PlanSettings cuts(Settings settings) {
    return new PlanSettings(
        settings.shardSize(),
        settings.partSize(),
        settings.taskMemory(),
        settings.missingTensors(),
        settings.lostKeys(),
        SafetensorsLayout.CHECKPOINT);
  }

  private static Checkpoint open(ObjectSource store, Location folder) {
    try {
      return CheckpointReader.open(store, folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String problem(Throwable cause) throws IOException {
    if (cause instanceof UserException) {
      return cause.getMessage();
    }
    if (cause instanceof UncheckedIOException e) {
      throw e.getCause();
    }
    throw new IllegalStateException("a model could not be opened", cause);
  }

  static Set<ModelReference> references(Recipe recipe) {
    Set<ModelReference> references = new LinkedHashSet<>();
    for (Slice slice : recipe.slices()) {
      slice.sources().stream().map(Source::model).forEach(references::add);
      slice.base().ifPresent(references::add);
    }
    recipe.base().ifPresent(references::add);
    return references;
  }

  static Location location(ModelReference model, Settings settings) {
    Location location = new Location(model.path());
    return location.isRelative() && !settings.modelRoot().isEmpty()
        ? new Location(settings.modelRoot() + "/" + model.path())
        : location;
  }
}
