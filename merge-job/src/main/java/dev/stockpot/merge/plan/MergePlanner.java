package dev.stockpot.merge.plan;

import dev.stockpot.kernels.method.TensorTerms;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.random.Rounding;
import dev.stockpot.merge.model.Model;
import dev.stockpot.merge.model.TensorSource;
import dev.stockpot.merge.output.ConfigEdit;
import dev.stockpot.merge.output.OutputFolder;
import dev.stockpot.merge.plan.Gathering.Found;
import dev.stockpot.merge.recipe.MissingTensors;
import dev.stockpot.merge.recipe.ModelReference;
import dev.stockpot.merge.recipe.ParameterLookup;
import dev.stockpot.merge.recipe.Problems;
import dev.stockpot.merge.recipe.Recipe;
import dev.stockpot.merge.recipe.Source;
import dev.stockpot.merge.statistics.StatisticsCheckpoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** Plans a merge: a function of a recipe, the headers of its models, and how work is to be cut. */
public final class MergePlanner {
  private final Recipe recipe;
  private final Map<ModelReference, Model> given;
  private final Map<ModelReference, StatisticsCheckpoint> statistics;
  private final Map<ModelReference, Model> models;
  private final PlanSettings settings;
  private final Optional<DType> dtype;
  private final Rounding.Mode rounding;
  private final long seed;
  private final boolean isDequantised; // FP8 with scales is read as numbers: none is left

  private final Problems problems;
  private final ParameterLookup lookup;
  private final RouteNames names;
  private final Gathering gathering;
  private final ConfigFollower config;
  private final Faults faults = new Faults();
  private final Float8Inputs float8 = new Float8Inputs();
  private final ComparedModels compared;
  private final CodedInputs coded;
  private final Unheeded unheeded;
  private final MergedTensors merged;
  private final Copies copies;
  private final SideInputs sides;
  private final Chiefs chiefs;
  private final PartRules parts;

  private MergePlanner(
      Recipe recipe,
      Map<ModelReference, Model> models,
      Map<ModelReference, StatisticsCheckpoint> statistics,
      Problems problems,
      PlanSettings settings,
      Optional<DType> dtype,
      Rounding.Mode rounding,
      long seed,
      boolean isDequantised) {
    this.recipe = recipe;
    this.given = models;
    this.rounding = rounding;
    this.isDequantised = isDequantised;
    this.compared = new ComparedModels(recipe, models, isDequantised);
    this.models = compared.models();
    this.settings = settings;
    this.dtype = dtype.or(recipe::outDtype).or(recipe::dtype);
    this.seed = seed;
    this.problems = problems;
    this.lookup = new ParameterLookup(recipe);
    this.unheeded = new Unheeded(recipe);
    this.names = RouteNames.of(this.models);
    this.gathering = new Gathering(names, recipe.donor());
    this.config = ConfigFollower.of(names, recipe.donor());
    this.coded = new CodedInputs(this.models, recipe.donor(), this.dtype);
    this.chiefs = new Chiefs(recipe);
    this.statistics = statistics;
    this.sides = new SideInputs(recipe, statistics);
    TensorWorks works = new TensorWorks(recipe.method().arity().takesOrigin(), rounding, seed);
    Steps steps = new Steps(recipe, lookup, names, faults);
    this.merged = new MergedTensors(recipe.method(), this.dtype, works, faults, float8, steps);
    this.copies = new Copies(this.dtype, works);
    this.parts = new PartRules(recipe, gathering, copies, this.models, faults, seed);
  }

  /**
   * The plan.
   *
   * @param models every model that the recipe names
   * @param statistics every checkpoint of side inputs that it names
   * @param problems what is wrong with the recipe and its models already
   * @param dtype type of the output's floating-point tensors, over what the recipe says
   * @param rounding to types of 16 bits
   * @param seed of random drops and of stochastic rounding
   * @throws dev.stockpot.merge.UserException naming every problem, if there is one
   */
  public static MergePlan plan(
      Recipe recipe,
      Map<ModelReference, Model> models,
      Map<ModelReference, StatisticsCheckpoint> statistics,
      Problems problems,
      PlanSettings settings,
      Optional<DType> dtype,
      Rounding.Mode rounding,
      long seed) {
    return new MergePlanner(
            recipe, models, statistics, problems, settings, dtype, rounding, seed, false)
        .plan();
  }

  /** The same merge of the numbers that FP8 and its scales stand for; empty if none wants it. */
  private Optional<MergePlanner> ofNumbers() {
    return isDequantised || !coded.wantsNumbers()
        ? Optional.empty()
        : Float8Numbers.of(given)
            .map(
                read ->
                    new MergePlanner(
                        recipe, read, statistics, problems, settings, dtype, rounding, seed, true));
  }

  private MergePlan plan() {
    TensorRouter router = new TensorRouter(recipe, names, problems);
    List<PlannedTensor> tensors = new ArrayList<>();
    for (Route route : router.routes()) {
      Optional<PlannedTensor> tensor =
          parts
              .planned(route, this::plan)
              .filter(any -> faults.admit(route, any.work().obstacle(settings.taskBytes())));
      tensor.ifPresent(planned -> float8.check(planned.work()));
      tensor.ifPresent(tensors::add);
    }
    Optional<MergePlanner> ofNumbers = ofNumbers();
    if (ofNumbers.isPresent()) {
      return ofNumbers.get().plan();
    }
    tensors.addAll(leftBehind(tensors));
    config.follow(router);
    config.report(recipe, settings.lostKeys(), problems);
    compared.report(problems);
    coded.report(problems);
    gathering.report(compared, problems);
    faults.report(problems);
    sides.report(problems);
    parts.report(problems);
    SharedScans.check(recipe, tensors, problems);
    if (problems.isEmpty()) { // else not all tensors were looked at
      unheeded.report(lookup, problems);
    }
    problems.throwIfAny();
    ShardLayout layout = new ShardLayout(tensors, settings);
    OutputFolder output =
        new PlannedFolder(dtype, isDequantised || float8.areGone(), gathering.unties(), models)
            .of(
                settings.layout(),
                Optional.of(config.edits()).filter(any -> !any.isEmpty()).map(ConfigEdit::keys),
                models.get(recipe.donor()));
    output = parts.applied(output, tensors);
    return new MergePlan(
        layout.shards(),
        layout.parts(),
        layout.scans(),
        output,
        sides.planned(layout),
        notices(output));
  }

  private List<PlannedTensor> leftBehind(List<PlannedTensor> made) {
    List<PlannedTensor> taken = new ArrayList<>();
    for (Route route : LeftBehind.of(recipe, names, made)) {
      boolean hasTwin = gathering.inputs(route).stream().anyMatch(Optional::isPresent);
      if (hasTwin || parts.leavesOut(route.output())) {
        continue; // what stands for it, or nothing on purpose
      }
      if (settings.missing() == MissingTensors.COPY) {
        TensorSource input = models.get(recipe.donor()).tensors().get(route.output());
        taken.add(copies.of(route, input, "not all models hold them"));
      } else {
        gathering.addMissing(route.slice().sources().get(0), route.output());
      }
    }
    return taken;
  }

  private Optional<PlannedTensor> plan(Route route) {
    List<Optional<Found>> found = gathering.inputs(route);
    List<Found> inputs = found.stream().flatMap(Optional::stream).toList();
    TensorSource chief = inputs.get(chiefs.place(route.slice(), found)).source();
    if (coded.concern(route)) {
      return coded(route, found, chief);
    }
    if (inputs.size() < found.size()) {
      return lacking(route, found, chief);
    }
    if (chief.dtype().isInteger()) {
      return Optional.of(
          copies.of(route, chief, "whole numbers and flags are copied, not averaged"));
    }
    for (int i = 0; i < inputs.size(); i++) {
      Found input = inputs.get(i);
      if (!input.source().shape().equals(chief.shape())) {
        Source source = route.slice().sources().get(i);
        gathering.addMisshapen(source, input, chief, chiefs.model(route.slice(), found));
        return Optional.empty();
      }
    }
    return merge(route, inputs, chief);
  }

  /** A tensor that some model holds as codes: taken as it is from one model, or not at all. */
  private Optional<PlannedTensor> coded(
      Route route, List<Optional<Found>> found, TensorSource chief) {
    RouteValues values = RouteValues.of(recipe, lookup, route);
    values.report(faults);
    if (!values.isComplete()) {
      return Optional.empty();
    }
    TensorTerms terms = values.terms(chief.shape(), seed, List.of(), names.role(route));
    OptionalInt alone = recipe.method().alone(terms);
    if (alone.isEmpty()) {
      coded.addMerged(route);
      return Optional.empty();
    }
    Optional<Found> only = found.get(alone.getAsInt());
    if (only.isEmpty()) { // what the others hold there belongs to codes that are not taken
      return Optional.empty();
    }
    TensorSource input = only.get().source();
    boolean keepsType = dtype.orElse(input.storedType()) == input.dtype();
    return Optional.of(
        coded.keepBytes(route, alone.getAsInt(), only.get()) || keepsType
            ? Copies.unchanged(route, input, terms.merge(), values.named())
            : copies.converted(route, input));
  }

  private Optional<PlannedTensor> lacking(
      Route route, List<Optional<Found>> found, TensorSource chief) {
    if (settings.missing() == MissingTensors.COPY) {
      if (gathering.mayShare(route, found)) {
        return Optional.empty();
      }
      compared.addCopied(route.output());
      return Optional.of(copies.of(route, chief, "not all models hold them"));
    }
    for (int i = 0; i < found.size(); i++) {
      if (found.get(i).isEmpty()) {
        gathering.addMissing(route.slice().sources().get(i), route.inputs().get(i));
      }
    }
    return Optional.empty();
  }

  private Optional<PlannedTensor> merge(Route route, List<Found> found, TensorSource chief) {
    if (route.doubt().isPresent() && lookup.followsDepth(route.slice())) {
      faults.addDoubt(route);
      return Optional.empty();
    }
    RouteValues values = RouteValues.of(recipe, lookup, route);
    values.report(faults);
    Optional<SideInputs.OfTensor> beside = sides.of(route, found, chief.shape());
    if (!values.isComplete() || beside.isEmpty()) {
      return Optional.empty();
    }
    TensorTerms terms =
        values.terms(chief.shape(), seed, beside.get().operands(), names.role(route));
    List<TensorSource> inputs = found.stream().map(Found::source).toList();
    Optional<PlannedTensor> planned =
        merged.of(route, inputs, beside.get().sources(), chief, terms, values.named());
    if (planned.isPresent()) {
      unheeded.look(terms, values);
    }
    return planned;
  }

  private List<String> notices(OutputFolder output) {
    PlanNotices notices = new PlanNotices(recipe);
    recipe.notices().forEach(notices::add);
    notices.addRemarks(models);
    unheeded.notices().forEach(notices::add);
    copies.tell(notices);
    config.notices().forEach(notices::add);
    float8.notice().ifPresent(notices::add);
    merged.tell(notices);
    sides.tell(notices);
    parts.notices().forEach(notices::add);
    coded.notice().filter(any -> recipe.method().arity().most() > 1).ifPresent(notices::add);
    compared.notices().forEach(notices::add);
    notices.addLoss(models.get(recipe.donor()), isDequantised || float8.areGone());
    if (isDequantised) {
      notices.add(Float8Numbers.notice(models, dtype));
    }
    notices.addUntied(gathering);
    notices.addIdleBase();
    notices.addLeftBehind(models.get(recipe.donor()));
    output.card().notice().ifPresent(notices::add);
    return notices.all();
  }
}
