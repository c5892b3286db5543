package dev.stockpot.merge.run;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.merge.model.Model;
import dev.stockpot.merge.plan.MergePlan;
import dev.stockpot.merge.plan.MergePlanner;
import dev.stockpot.merge.plan.PlanSettings;
import dev.stockpot.merge.recipe.ModelReference;
import dev.stockpot.merge.recipe.Recipe;
import dev.stockpot.merge.recipe.Slice;
import dev.stockpot.merge.recipe.Source;
import dev.stockpot.merge.safetensors.SafetensorsLayout;
import dev.stockpot.merge.settings.Settings;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.ObjectSource;
import dev.stockpot.merge.storage.Place;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * A recipe, its models and what is to be done: everything that is known before a tensor is read.
 *
 * @param models in the order in which the recipe names them
 * @param donor the model that gives configuration and tokenizer: the base, else the first
 */
record Planned(Recipe recipe, Map<ModelReference, Model> models, Model donor, MergePlan plan) {
  /** Opens the models of a recipe, headers only, and plans. */
  static Planned of(Recipe written, ObjectSource store, Settings settings, Optional<DType> dtype)
      throws IOException {
    return open(expand(written, store, settings, Optional.empty()), store, settings, dtype);
  }

  /**
   * Replaces patterns by the folders that they match, and gives each folder one name.
   *
   * @param output that they must not match, also if it is not there yet
   */
  static Recipe expand(
      Recipe written, ObjectSource store, Settings settings, Optional<Location> output)
      throws IOException {
    Recipe expanded =
        new ModelPatterns(store, model -> location(model, settings), output.map(Place::of))
            .expand(written);
    return new OneFolder(model -> location(model, settings)).named(expanded);
  }

  /** The same as {@link #of} for a recipe without patterns. */
  static Planned open(Recipe recipe, ObjectSource store, Settings settings, Optional<DType> dtype)
      throws IOException {
    Map<ModelReference, Model> models = models(recipe, store, settings);
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

  /** All models at the same time; what is wrong with any of them is said together. */
  private static Map<ModelReference, Model> models(
      Recipe recipe, ObjectSource store, Settings settings) {
    Map<ModelReference, CompletableFuture<OpenedModel>> opening = new LinkedHashMap<>();
    for (ModelReference model : references(recipe)) {
      opening.put(
          model,
          CompletableFuture.supplyAsync(() -> OpenedModel.at(store, location(model, settings))));
    }
    Map<ModelReference, Model> models = new LinkedHashMap<>();
    List<String> problems = new ArrayList<>();
    opening.forEach(
        (model, opened) ->
            opened.join().tell(checkpoint -> models.put(model, checkpoint), problems::add));
    if (!problems.isEmpty()) {
      throw new UnusableModelsException(problems);
    }
    return models;
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
