package dev.stockpot.merge.run;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.merge.UserException;
import dev.stockpot.merge.compose.Composed;
import dev.stockpot.merge.model.Model;
import dev.stockpot.merge.output.CardFacts;
import dev.stockpot.merge.output.MatrixFindings;
import dev.stockpot.merge.plan.MergePlan;
import dev.stockpot.merge.plan.StageMisfit;
import dev.stockpot.merge.plan.StageModel;
import dev.stockpot.merge.recipe.ModelReference;
import dev.stockpot.merge.recipe.Problems;
import dev.stockpot.merge.recipe.Recipe;
import dev.stockpot.merge.recipe.Rename;
import dev.stockpot.merge.recipe.RoundChoice;
import dev.stockpot.merge.recipe.Stage;
import dev.stockpot.merge.safetensors.CheckpointReader;
import dev.stockpot.merge.settings.Settings;
import dev.stockpot.merge.statistics.StatisticsCheckpoint;
import dev.stockpot.merge.storage.Location;
import java.io.IOException;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Plans a recipe stage by stage: what one makes is a model for those after it. Stages are made on
 * the way, but for those that cannot be, or that do not fit a task's memory: they are written
 * first.
 */
final class StagePlanner {
  private final Recipe recipe;
  private final Map<ModelReference, Model> stored;
  private final OneMergePlanning planning;
  private final Places places;
  private final Settings settings;
  private final StageFolder folder;
  private final Matching matching;

  /** Why stages are written first, by their names. */
  private final Map<String, String> written = new LinkedHashMap<>();

  private List<PlannedStage> stages = List.of();
  private MatrixFindings found = MatrixFindings.NONE; // of the merge that was planned last
  private Map<ModelReference, Model> known = Map.of();
  private final AdaptersOnStages onStages;
  private final IdentityHashMap<Recipe, Composed> composed =
      new IdentityHashMap<>(); // those of this attempt
  private final Set<String> told = new LinkedHashSet<>(); // of names

  /**
   * A planner.
   *
   * @param stored every model that is no stage
   * @param planning of each merge by itself
   * @param places of adapters that are put on stages
   * @param folder where stages go that are written
   * @param matching who matches units of models that are to be aligned
   */
  StagePlanner(
      Recipe recipe,
      Map<ModelReference, Model> stored,
      OneMergePlanning planning,
      Places places,
      Settings settings,
      StageFolder folder,
      Matching matching) {
    this.recipe = recipe;
    this.stored = stored;
    this.planning = planning;
    this.places = places;
    this.settings = settings;
    this.folder = folder;
    this.matching = matching;
    this.onStages = new AdaptersOnStages(places);
  }

  /**
   * The plan of the merge that is written last.
   *
   * @param dtype of its output, over what the recipe says
   */
  MergePlan plan(Optional<DType> dtype) throws IOException {
    requireType(dtype);
    if (folder.keepsAll()) {
      recipe.stages().names().forEach(name -> written.put(name, "it is to be kept"));
    }
    folder.there().keySet().forEach(name -> written.putIfAbsent(name, "it is there"));
    Optional<MergePlan> plan = Optional.empty();
    while (plan.isEmpty()) { // with one more stage that is written, each time
      plan = attempt(dtype);
    }
    return plan.get().telling(notices());
  }

  private void requireType(Optional<DType> dtype) {
    boolean hasType = dtype.or(recipe::outDtype).or(recipe::dtype).isPresent();
    if (recipe.stages().areExact() && !recipe.stages().isEmpty() && !hasType) {
      Problems problems = new Problems(recipe.source());
      problems.add(
          0,
          "with `stages: exact` stages are float32, so the type of the result is not theirs; give"
              + " the merge that is written last a `dtype`");
      problems.throwIfAny();
    }
  }

  private Optional<MergePlan> attempt(Optional<DType> dtype) throws IOException {
    stages = new ArrayList<>();
    known = new LinkedHashMap<>(stored);
    Optional<DType> between =
        recipe.stages().areExact() ? Optional.of(DType.F32) : Optional.empty();
    for (Stage stage : recipe.stages().before()) {
      MergePlan plan = plan(stage.recipe(), between);
      Model donor = donor(stage.recipe());
      StageModel model = new StageModel(stage.name(), stage.recipe().method(), plan, donor);
      model.obstacle().ifPresent(why -> written.putIfAbsent(stage.name(), why));
      boolean isWritten = written.containsKey(stage.name());
      if (isWritten && writeOneMore(plan)) {
        return Optional.empty();
      }
      stages.add(new PlannedStage(stage, model, Optional.ofNullable(written.get(stage.name()))));
      known.put(new ModelReference(stage.name(), 0), asModel(stage, model, isWritten));
    }
    MergePlan last = plan(recipe, dtype);
    return writeOneMore(last) ? Optional.empty() : Optional.of(last);
  }

  private Model asModel(Stage stage, StageModel model, boolean isWritten) {
    StageFiles made = places.stageFiles();
    if (!isWritten) {
      return model.onTheWay(made::keep);
    }
    Model stored = folder.there().get(stage.name());
    return stored == null
        ? model.written(folder.of(stage), made::keep)
        : model.written(stored, made::keep);
  }

  private MergePlan plan(Recipe one, Optional<DType> dtype) throws IOException {
    Map<ModelReference, Model> named = new LinkedHashMap<>();
    Map<ModelReference, List<Rename>> renames = one.renames();
    Problems problems = new Problems(one.source());
    Renaming renaming = new Renaming(problems);
    for (ModelReference model : one.references()) {
      named.put(model, renaming.of(model, model(model), renames.getOrDefault(model, List.of())));
    }
    problems.throwIfAny();
    told.addAll(problems.told());
    Map<ModelReference, Model> stagesThere = new LinkedHashMap<>(known);
    stagesThere.keySet().removeAll(stored.keySet());
    Optional<Composed> made = planning.composed(one, named);
    if (made.isEmpty()) {
      return plan(planning.with(states(one)), one, named, stagesThere, dtype);
    }
    composed.put(one, made.get());
    Map<ModelReference, Model> whole = Map.of(one.donor(), made.get().model());
    MergePlan plan = plan(planning, one, whole, stagesThere, dtype);
    CardFacts card = Composed.card(named, plan.output().card().library());
    return plan.with(plan.output().with(card))
        .telling(card.notice().stream().toList())
        .telling(made.get().notices());
  }

  private MergePlan plan(
      OneMergePlanning how,
      Recipe one,
      Map<ModelReference, Model> named,
      Map<ModelReference, Model> stagesThere,
      Optional<DType> dtype)
      throws IOException {
    boolean isThere =
        stages.stream()
            .allMatch(
                stage -> stage.written().isEmpty() || folder.there().containsKey(stage.name()));
    OneMergePlanning.WithFindings planned =
        how.plan(one, named, stagesThere, dtype, isThere ? matching : Matching.NOT_YET);
    found = planned.found();
    return planned.plan();
  }

  /** What was found of matrices before the merge that is written last. */
  MatrixFindings found() {
    return found;
  }

  /** What stages leave beside their models, for a merge that goes on with it. */
  private Map<ModelReference, StatisticsCheckpoint> states(Recipe one) throws IOException {
    Map<ModelReference, StatisticsCheckpoint> states = new LinkedHashMap<>();
    for (Map.Entry<String, ModelReference> wanted : one.statistics().entrySet()) {
      Optional<String> name = recipe.stages().besideWhich(wanted.getValue());
      Optional<PlannedStage> stage =
          stages.stream().filter(made -> name.filter(made.name()::equals).isPresent()).findFirst();
      if (stage.isPresent()) {
        states.put(wanted.getValue(), StatisticsCheckpoint.of(state(stage.get(), wanted.getKey())));
      }
    }
    return states;
  }

  private Model state(PlannedStage stage, String kind) throws IOException {
    Location place = folder.of(stage.stage()).child(RoundChoice.STATE).child(kind);
    if (folder.there().containsKey(stage.name())) {
      return Model.of(CheckpointReader.open(places.store(), place));
    }
    return stage
        .model()
        .state(folder.of(stage.stage()), kind)
        .orElseThrow(
            () ->
                new UserException(
                    "stage `%s` (%s) leaves no `%s` for a round to go on with; let all rounds have one strategy, or write `state: zero`"
                        .formatted(stage.name(), stage.model().method().name(), kind)));
  }

  /** A stored model or a stage; where adapters are put on a stage, they are baked now. */
  private Model model(ModelReference named) throws IOException {
    if (!known.containsKey(named)) {
      known.put(named, onStages.bake(named, known.get(named.base())));
    }
    return known.get(named);
  }

  /** Whether a stage more is to be written, so that a merge fits: the first that takes much. */
  private boolean writeOneMore(MergePlan plan) {
    Optional<String> why = StageMisfit.why(plan, settings.taskMemory());
    Optional<PlannedStage> large =
        stages.stream()
            .filter(stage -> stage.written().isEmpty() && stage.model().isWhole())
            .findFirst();
    if (why.isEmpty() || large.isEmpty()) {
      return false;
    }
    written.put(large.get().name(), why.get());
    return true;
  }

  /** The stages, once the merge is planned. */
  List<PlannedStage> stages() {
    return stages;
  }

  /** Adapters that are put on stages, once the merge is planned. */
  Map<ModelReference, Model> onStages() {
    return onStages.models();
  }

  /** The model that gives the merge its configuration and tokenizer. */
  Model donor() {
    return donor(recipe);
  }

  /** What the recipe composes, once the merge is planned; nothing if it merges models. */
  Optional<Composed> composed() {
    return Optional.ofNullable(composed.get(recipe));
  }

  private Model donor(Recipe one) {
    return composed.containsKey(one) ? composed.get(one).model() : known.get(one.donor());
  }

  private List<String> notices() {
    List<String> notices = new ArrayList<>(told);
    notices.addAll(onStages.notices());
    for (PlannedStage stage : stages) {
      stage
          .model()
          .plan()
          .notices()
          .forEach(notice -> notices.add("stage `%s`: %s".formatted(stage.name(), notice)));
      stage
          .written()
          .filter(any -> !folder.keepsAll())
          .ifPresent(
              why ->
                  notices.add(
                      "stage `%s` is written first, to %s, read again, and removed at the end: %s"
                          .formatted(stage.name(), folder.of(stage.stage()), why)));
    }
    return notices;
  }
}
