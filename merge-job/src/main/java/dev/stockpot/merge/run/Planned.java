package dev.stockpot.merge.run;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.merge.UserException;
import dev.stockpot.merge.extract.AdapterPlan;
import dev.stockpot.merge.model.Model;
import dev.stockpot.merge.output.OutputLayout;
import dev.stockpot.merge.plan.MergePlan;
import dev.stockpot.merge.plan.MergePlanner;
import dev.stockpot.merge.plan.PlanSettings;
import dev.stockpot.merge.plan.SharedPlans;
import dev.stockpot.merge.recipe.ModelReference;
import dev.stockpot.merge.recipe.Problems;
import dev.stockpot.merge.recipe.Recipe;
import dev.stockpot.merge.recipe.Slice;
import dev.stockpot.merge.recipe.Source;
import dev.stockpot.merge.safetensors.SafetensorsLayout;
import dev.stockpot.merge.settings.Settings;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.ObjectSource;
import dev.stockpot.merge.storage.Place;
import dev.stockpot.merge.vocabulary.Vocabularies;
import dev.stockpot.merge.vocabulary.VocabularyPlan;
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
 */
record Planned(
    Recipe recipe,
    Map<ModelReference, Model> models,
    Model donor,
    MergePlan plan,
    Optional<AdapterPlan> adapter,
    Places places) {
  /** Opens the models of a recipe, headers only, and plans. */
  static Planned of(Recipe written, Places places, Settings settings, Optional<DType> dtype)
      throws IOException {
    Recipe recipe = expand(written, places, List.of());
    return open(List.of(recipe), places, settings, dtype).get(0);
  }

  /**
   * Replaces patterns by the folders that they match, and gives each folder one name.
   *
   * @param outputs that they must not match, also if they are not there yet
   */
  static Recipe expand(Recipe written, Places places, List<Location> outputs) throws IOException {
    Recipe expanded =
        new ModelPatterns(places.store(), places::of, outputs.stream().map(Place::of).toList())
            .expand(written);
    return new OneFolder(places::of).named(expanded);
  }

  /**
   * Opens each model once, and plans merges that one reading of them can make.
   *
   * @param recipes without patterns
   * @throws UserException if it cannot
   */
  static List<Planned> open(
      List<Recipe> recipes, Places places, Settings settings, Optional<DType> dtype)
      throws IOException {
    ObjectSource store = places.store();
    Set<ModelReference> donors = new HashSet<>(recipes.stream().map(Recipe::donor).toList());
    Map<ModelReference, CompletableFuture<OpenedModel>> opening =
        opening(
            recipes,
            Planned::references,
            model -> OpenedModel.of(store, model, places::required, donors.contains(model)));
    Map<ModelReference, CompletableFuture<OpenedModel>> openingBeside =
        opening(
            recipes,
            Recipe::allStatistics,
            place -> OpenedModel.ofStatistics(store, place, places::required));
    List<String> problems = new ArrayList<>();
    Map<ModelReference, OpenedModel> opened = opened(opening, recipes, problems);
    Map<ModelReference, Model> models = models(opened);
    Map<ModelReference, Model> statistics = models(opened(openingBeside, recipes, problems));
    if (!problems.isEmpty()) {
      throw new UnusableModelsException(problems);
    }
    Vocabularies vocabularies = new Vocabularies(store, new ModelFolders(places));
    List<MergePlan> alone =
        FaultsOfMerges.orElse(
            recipes.size(),
            place -> {
              Recipe recipe = recipes.get(place);
              Map<ModelReference, Model> named = models(recipe, models);
              VocabularyPlan vocabulary = vocabularies.of(recipe, named);
              Problems wrong = new Problems(recipe.source());
              List<String> tokens =
                  recipe.vocabulary().tokenizer().isPresent()
                      ? List.of()
                      : ModelTokens.compare(recipe, named, store, wrong);
              MergePlan plan =
                  MergePlanner.plan(
                      recipe,
                      vocabulary.models(),
                      statistics,
                      wrong,
                      cuts(settings).with(layout(named.get(recipe.donor()))),
                      dtype,
                      settings.rounding(),
                      settings.seed());
              return plan.with(vocabulary.applied(plan.output()))
                  .telling(tokens)
                  .telling(vocabulary.notices())
                  .telling(notices(recipe, opened));
            });
    List<MergePlan> together = SharedPlans.of(alone, cuts(settings)).plans();
    List<Planned> planned = new ArrayList<>();
    for (int i = 0; i < recipes.size(); i++) {
      Recipe recipe = recipes.get(i);
      Optional<AdapterPlan> adapter = adapter(recipe, together.get(i), models, recipes.size());
      MergePlan plan =
          adapter.isPresent() ? adapter.get().plan(cuts(settings)) : together.get(i);
      planned.add(
          new Planned(
              recipe,
              models(recipe, models),
              models.get(recipe.donor()),
              plan,
              adapter,
              places));
    }
    return planned;
  }

  private static Optional<AdapterPlan> adapter(
      Recipe recipe, MergePlan merge, Map<ModelReference, Model> models, int merges) {
    if (recipe.adapter().isEmpty()) {
      return Optional.empty();
    }
    ModelReference base = recipe.base().orElseThrow(); // the parser asks for it
    if (merges > 1) {
      throw new UserException(
          "%s makes an adapter, which is done for one recipe at a time. Merge it by itself"
              .formatted(recipe.source()));
    }
    if (!base.adapters().isEmpty()) {
      throw new UserException(
          "%s:%s: the base of an adapter is %s, but must be a model as it is stored: PEFT loads no adapter onto another one's result. Merge that first"
              .formatted(recipe.source(), base.line(), base));
    }
    return Optional.of(
        AdapterPlan.of(merge, models.get(base), base.path(), recipe.adapter().get()));
  }

  /** This with another plan of the same. */
  Planned with(MergePlan known) {
    return new Planned(recipe, models, donor, known, adapter, places);
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

  /** Those that one recipe names. */
  private static Map<ModelReference, Model> models(Recipe recipe, Map<ModelReference, Model> all) {
    Map<ModelReference, Model> models = new LinkedHashMap<>();
    references(recipe).forEach(model -> models.put(model, all.get(model)));
    return models;
  }

  /** What a user should know, though nothing is wrong. */
  List<String> notices() {
    return Stream.concat(places.notices().stream(), plan.notices().stream()).toList();
  }

  /** Files are called as the donor's are, so that what loads these loads the output. */
  private static OutputLayout layout(Model donor) {
    return SafetensorsLayout.of(donor.surroundings().weights());
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
            recipe -> references(recipe).contains(model) || recipe.allStatistics().contains(model))
        .findFirst()
        .map(recipe -> "%s:%s: ".formatted(recipe.source(), model.line()))
        .orElse("");
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
}
