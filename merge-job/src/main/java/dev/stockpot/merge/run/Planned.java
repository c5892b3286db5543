package dev.stockpot.merge.run;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.merge.UserException;
import dev.stockpot.merge.compose.Composed;
import dev.stockpot.merge.extract.AdapterPlan;
import dev.stockpot.merge.model.Model;
import dev.stockpot.merge.output.MatrixFindings;
import dev.stockpot.merge.output.OutputLayout;
import dev.stockpot.merge.plan.MergePlan;
import dev.stockpot.merge.plan.PlanSettings;
import dev.stockpot.merge.plan.SharedPlans;
import dev.stockpot.merge.recipe.ModelReference;
import dev.stockpot.merge.recipe.Recipe;
import dev.stockpot.merge.safetensors.PartsLayout;
import dev.stockpot.merge.safetensors.SafetensorsLayout;
import dev.stockpot.merge.settings.Settings;
import dev.stockpot.merge.statistics.StatisticsCheckpoint;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.ObjectSource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * A recipe, its models and what is to be done: everything that is known before a tensor is read.
 *
 * @param models in the order in which the recipe names them
 * @param donor the model that gives configuration and tokenizer: the base, else the first
 * @param adapter what is made in the place of the merge, where an adapter is
 * @param places where models were found
 * @param stages merges that come before it
 * @param composed what rules put together; empty where models are merged
 * @param found of matrices before the merge: how near models were before they were aligned
 */
record Planned(
    Recipe recipe,
    Map<ModelReference, Model> models,
    Model donor,
    MergePlan plan,
    Optional<AdapterPlan> adapter,
    Places places,
    List<PlannedStage> stages,
    Optional<Composed> composed,
    MatrixFindings found) {
  Planned {
    stages = List.copyOf(stages);
  }

  /** Opens the models of a recipe, headers only, and plans. */
  static Planned of(Recipe written, Places places, Settings settings, Optional<DType> dtype)
      throws IOException {
    Recipe recipe = ExpandedRecipe.of(written, places, List.of());
    StageFolder folder = StageFolder.beside(new Location("OUT"), false);
    return open(List.of(recipe), places, settings, dtype, List.of(folder), Matching.NOT_YET).get(0);
  }

  /**
   * Opens each model once, and plans merges that one reading of them can make.
   *
   * @param recipes without patterns
   * @param folders of the stages of each that are written before it
   * @param matching who matches units of models that are to be aligned
   * @throws UserException if it cannot
   */
  static List<Planned> open(
      List<Recipe> recipes,
      Places places,
      Settings settings,
      Optional<DType> dtype,
      List<StageFolder> folders,
      Matching matching)
      throws IOException {
    ObjectSource store = places.store();
    Set<ModelReference> donors = new HashSet<>();
    recipes.forEach(recipe -> recipe.all().forEach(each -> donors.add(each.donor())));
    Map<ModelReference, CompletableFuture<OpenedModel>> opening =
        opening(
            recipes,
            Planned::references,
            model -> OpenedModel.of(store, model, places::required, donors.contains(model)));
    Map<ModelReference, CompletableFuture<OpenedModel>> openingBeside =
        opening(
            recipes,
            Planned::allStatistics,
            place -> OpenedModel.ofStatistics(store, place, places::required));
    List<String> problems = new ArrayList<>();
    Map<ModelReference, OpenedModel> opened = opened(opening, recipes, problems);
    Map<ModelReference, Model> models = models(opened);
    Map<ModelReference, Model> beside = models(opened(openingBeside, recipes, problems));
    if (!problems.isEmpty()) {
      throw new UnusableModelsException(problems);
    }
    Map<ModelReference, StatisticsCheckpoint> statistics =
        new OpenedStatistics(store, models).of(beside, recipes);
    OneMergePlanning planning = new OneMergePlanning(statistics, places, settings);
    List<StagePlanner> planners = new ArrayList<>();
    for (int i = 0; i < recipes.size(); i++) {
      planners.add(
          new StagePlanner(
              recipes.get(i), models, planning, places, settings, folders.get(i), matching));
    }
    List<MergePlan> alone =
        FaultsOfMerges.orElse(
            recipes.size(),
            place -> planners.get(place).plan(dtype).telling(notices(recipes.get(place), opened)));
    List<MergePlan> together = SharedPlans.of(alone, cuts(settings)).plans();
    List<Planned> planned = new ArrayList<>();
    for (int i = 0; i < recipes.size(); i++) {
      Recipe recipe = recipes.get(i);
      Optional<AdapterPlan> adapter =
          AdapterOfRecipe.of(recipe, together.get(i), models, recipes.size(), settings.seed());
      MergePlan plan = adapter.isPresent() ? adapter.get().plan(cuts(settings)) : together.get(i);
      planned.add(
          new Planned(
              recipe,
              models(recipe, models, planners.get(i).onStages()),
              planners.get(i).donor(),
              plan,
              adapter,
              places,
              planners.get(i).stages(),
              planners.get(i).composed(),
              planners.get(i).found()));
    }
    return planned;
  }

  /** This with another plan of the same. */
  Planned with(MergePlan known) {
    return new Planned(recipe, models, donor, known, adapter, places, stages, composed, found);
  }

  /** What is to be told of a recipe's models. */
  private static List<String> notices(Recipe recipe, Map<ModelReference, OpenedModel> opened) {
    return references(recipe).stream()
        .flatMap(model -> opened.get(model).notices().stream())
        .distinct()
        .toList();
  }

  private static Map<ModelReference, Model> models(Map<ModelReference, OpenedModel> opened) {
    Map<ModelReference, Model> models = new LinkedHashMap<>();
    opened.forEach((reference, model) -> models.put(reference, model.model().orElseThrow()));
    return models;
  }

  /** Those that one recipe names, and the adapters that it puts on stages. */
  private static Map<ModelReference, Model> models(
      Recipe recipe, Map<ModelReference, Model> all, Map<ModelReference, Model> onStages) {
    Map<ModelReference, Model> models = new LinkedHashMap<>();
    references(recipe).forEach(model -> models.put(model, all.get(model)));
    models.putAll(onStages);
    return models;
  }

  /** What a user should know, though nothing is wrong. */
  List<String> notices() {
    return Stream.of(
            places.notices().stream(),
            plan.notices().stream(),
            ReadTwice.notice(plan, places.store()).stream())
        .flatMap(notices -> notices)
        .toList();
  }

  /** Files are called as the donor's are, so that what loads these loads the output. */
  static OutputLayout layout(Model donor) {
    return PartsLayout.of(donor.surroundings());
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

  /** All that recipes name, each once and at the same time. */
  private static Map<ModelReference, CompletableFuture<OpenedModel>> opening(
      List<Recipe> recipes,
      Function<Recipe, Set<ModelReference>> named,
      Function<ModelReference, OpenedModel> open) {
    Map<ModelReference, CompletableFuture<OpenedModel>> opening = new LinkedHashMap<>();
    for (Recipe recipe : recipes) {
      for (ModelReference reference : named.apply(recipe)) {
        opening.computeIfAbsent(
            reference, any -> CompletableFuture.supplyAsync(() -> open.apply(reference)));
      }
    }
    return opening;
  }

  /** Those that could be opened; what is wrong with others goes to the problems. */
  private static Map<ModelReference, OpenedModel> opened(
      Map<ModelReference, CompletableFuture<OpenedModel>> opening,
      List<Recipe> recipes,
      List<String> problems) {
    Map<ModelReference, OpenedModel> opened = new LinkedHashMap<>();
    opening.forEach(
        (reference, model) ->
            model
                .join()
                .tell(
                    there -> opened.put(reference, there),
                    problem -> problems.add(where(reference, recipes) + problem)));
    return opened;
  }

  /** The file and line that name a model first. */
  private static String where(ModelReference model, List<Recipe> recipes) {
    return recipes.stream()
        .filter(
            recipe -> references(recipe).contains(model) || allStatistics(recipe).contains(model))
        .findFirst()
        .map(recipe -> "%s:%s: ".formatted(recipe.source(), model.line()))
        .orElse("");
  }

  /** All that is stored of what a recipe and its stages name. */
  static Set<ModelReference> references(Recipe recipe) {
    Set<ModelReference> references = new LinkedHashSet<>();
    recipe.all().forEach(each -> references.addAll(each.references()));
    references.removeIf(model -> recipe.stages().of(model).isPresent());
    return references;
  }

  /** The adapters that a recipe and its stages put on stages. */
  static Set<ModelReference> adaptersOnStages(Recipe recipe) {
    Set<ModelReference> adapters = new LinkedHashSet<>();
    for (Recipe each : recipe.all()) {
      each.references().stream()
          .filter(model -> recipe.stages().of(model).isPresent())
          .forEach(model -> adapters.addAll(model.adapters()));
    }
    return adapters;
  }

  /** Every stored checkpoint of statistics that a recipe and its stages name. */
  static Set<ModelReference> allStatistics(Recipe recipe) {
    Set<ModelReference> all = new LinkedHashSet<>();
    recipe.all().forEach(each -> all.addAll(each.allStatistics()));
    all.removeIf(place -> recipe.stages().besideWhich(place).isPresent());
    return all;
  }
}
