package dev.stockpot.merge.plan;

import dev.stockpot.kernels.method.MergeMethod;
import dev.stockpot.kernels.method.ParameterValues;
import dev.stockpot.kernels.method.TensorTerms;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.random.Rounding;
import dev.stockpot.merge.model.Model;
import dev.stockpot.merge.model.TensorSource;
import dev.stockpot.merge.output.Companion;
import dev.stockpot.merge.output.Companion.Copied;
import dev.stockpot.merge.output.ConfigEdit;
import dev.stockpot.merge.output.OutputFolder;
import dev.stockpot.merge.output.OutputTensor;
import dev.stockpot.merge.plan.Gathering.Found;
import dev.stockpot.merge.recipe.MissingTensors;
import dev.stockpot.merge.recipe.ModelReference;
import dev.stockpot.merge.recipe.ParameterLookup;
import dev.stockpot.merge.recipe.Problems;
import dev.stockpot.merge.recipe.Recipe;
import dev.stockpot.merge.recipe.Source;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** Plans a merge: a function of a recipe, the headers of its models, and how work is to be cut. */
public final class MergePlanner {
  private final Recipe recipe;
  private final Map<ModelReference, Model> models;
  private final PlanSettings settings;
  private final Optional<DType> dtype;
  private final long seed;

  private final Problems problems;
  private final ParameterLookup lookup;
  private final RouteNames names;
  private final Gathering gathering;
  private final ConfigFollower config;
  private final Map<String, List<String>> copied = new LinkedHashMap<>();
  private final Faults faults = new Faults();
  private final Float8Inputs float8 = new Float8Inputs();
  private final ComparedModels compared;
  private final CodedInputs coded;
  private final Unheeded unheeded;
  private final TensorWorks works;
  private final SideInputs sides;
  private final Chiefs chiefs;

  private MergePlanner(
      Recipe recipe,
      Map<ModelReference, Model> models,
      Map<ModelReference, Model> statistics,
      PlanSettings settings,
      Optional<DType> dtype,
      Rounding.Mode rounding,
      long seed) {
    this.recipe = recipe;
    this.compared = new ComparedModels(recipe, models);
    this.models = compared.models();
    this.settings = settings;
    this.dtype = dtype.or(recipe::outDtype).or(recipe::dtype);
    this.seed = seed;
    this.problems = new Problems(recipe.source());
    this.lookup = new ParameterLookup(recipe);
    this.unheeded = new Unheeded(recipe);
    this.names = RouteNames.of(this.models);
    this.gathering = new Gathering(names, recipe.donor());
    this.config = ConfigFollower.of(names, recipe.donor());
    this.coded = new CodedInputs(this.models, recipe.donor(), this.dtype);
    this.chiefs = new Chiefs(recipe);
    this.sides = new SideInputs(recipe, statistics);
    this.works = new TensorWorks(recipe.method().arity().takesOrigin(), rounding, seed);
  }

  /**
   * The plan.
   *
   * @param models every model that the recipe names
   * @param statistics every checkpoint of side inputs that it names
   * @param dtype type of the output's floating-point tensors, over what the recipe says
   * @param rounding to types of 16 bits
   * @param seed of random drops and of stochastic rounding
   * @throws dev.stockpot.merge.recipe.RecipeException naming every problem, if there is one
   */
  public static MergePlan plan(
      Recipe recipe,
      Map<ModelReference, Model> models,
      Map<ModelReference, Model> statistics,
      PlanSettings settings,
      Optional<DType> dtype,
      Rounding.Mode rounding,
      long seed) {
    return new MergePlanner(recipe, models, statistics, settings, dtype, rounding, seed).plan();
  }

  /** The plan of a recipe that names no statistics. */
  public static MergePlan plan(
      Recipe recipe,
      Map<ModelReference, Model> models,
      PlanSettings settings,
      Optional<DType> dtype,
      Rounding.Mode rounding,
      long seed) {
    return plan(recipe, models, Map.of(), settings, dtype, rounding, seed);
  }

  private MergePlan plan() {
    TensorRouter router = new TensorRouter(recipe, names, problems);
    List<PlannedTensor> tensors = new ArrayList<>();
    for (Route route : router.routes()) {
      Optional<PlannedTensor> tensor = plan(route).filter(planned -> fits(route, planned));
      tensor.ifPresent(planned -> float8.check(planned.work()));
      tensor.ifPresent(tensors::add);
    }
    tensors.addAll(leftBehind(tensors));
    config.follow(router);
    config.report(recipe, settings.lostKeys(), problems);
    compared.report(problems);
    coded.report(problems);
    gathering.report(compared, problems);
    faults.report(problems);
    sides.report(problems);
    SharedScans.check(recipe, tensors, problems);
    if (problems.isEmpty()) { // else not all tensors were looked at
      unheeded.report(lookup, problems);
    }
    problems.throwIfAny();
    ShardLayout layout = new ShardLayout(tensors, settings);
    return new MergePlan(
        layout.shards(),
        layout.parts(),
        layout.scans(),
        output(),
        sides.planned(layout),
        notices());
  }

  private boolean fits(Route route, PlannedTensor planned) {
    Optional<String> obstacle = planned.work().obstacle(settings.taskBytes());
    obstacle.ifPresent(why -> faults.add(route.slice().line(), why, route.output()));
    return obstacle.isEmpty();
  }

  private List<PlannedTensor> leftBehind(List<PlannedTensor> made) {
    List<PlannedTensor> copies = new ArrayList<>();
    for (Route route : LeftBehind.of(recipe, names, made)) {
      if (gathering.inputs(route).stream().anyMatch(Optional::isPresent)) {
        continue; // a twin stands for it
      }
      if (settings.missing() == MissingTensors.COPY) {
        TensorSource input = models.get(recipe.donor()).tensors().get(route.output());
        copies.add(copy(route, input, "not all models hold them"));
      } else {
        gathering.addMissing(route.slice().sources().get(0), route.output());
      }
    }
    return copies;
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
      return Optional.of(copy(route, chief, "whole numbers and flags are copied, not averaged"));
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

  /**
   * A tensor that some model holds as codes: it is taken as it is from one model, or not at all.
   */
  private Optional<PlannedTensor> coded(
      Route route, List<Optional<Found>> found, TensorSource chief) {
    RouteValues values = RouteValues.of(recipe, lookup, route);
    values.report(faults);
    if (!values.isComplete()) {
      return Optional.empty();
    }
    TensorTerms terms = values.terms(chief.shape(), seed, List.of());
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
    DType type = dtype.orElse(input.dtype());
    return Optional.of(
        coded.keepBytes(route, alone.getAsInt(), only.get()) || type == input.dtype()
            ? copy(route, input, terms.merge(), values.named())
            : PlannedTensor.of(
                works.conversion(new OutputTensor(route.output(), type, input.shape()), input)));
  }

  private Optional<PlannedTensor> lacking(
      Route route, List<Optional<Found>> found, TensorSource chief) {
    if (settings.missing() == MissingTensors.COPY) {
      if (gathering.mayShare(route, found)) {
        return Optional.empty();
      }
      compared.addCopied(route.output());
      return Optional.of(copy(route, chief, "not all models hold them"));
    }
    for (int i = 0; i < found.size(); i++) {
      if (found.get(i).isEmpty()) {
        gathering.addMissing(route.slice().sources().get(i), route.inputs().get(i));
      }
    }
    return Optional.empty();
  }

  private PlannedTensor copy(Route route, TensorSource input, String reason) {
    copied.computeIfAbsent(reason, any -> new ArrayList<>()).add(route.output());
    DType type = dtype.orElse(input.dtype());
    if (type == input.dtype() || !input.dtype().isReadable()) {
      return copy(route, input, ParameterValues.NONE, List.of());
    }
    OutputTensor output = new OutputTensor(route.output(), type, input.shape());
    return PlannedTensor.of(works.conversion(output, input));
  }

  private static PlannedTensor copy(
      Route route,
      TensorSource input,
      ParameterValues merge,
      List<Map.Entry<String, ParameterValues>> values) {
    OutputTensor output = new OutputTensor(route.output(), input.dtype(), input.shape());
    return new PlannedTensor(new Copy(output, input), merge, values);
  }

  private Optional<PlannedTensor> merge(Route route, List<Found> found, TensorSource chief) {
    if (route.doubt().isPresent() && lookup.followsDepth(route.slice())) {
      faults.add(
          route.slice().line(),
          "a gradient cannot be followed: %s. Mend that config.json, or give plain values"
              .formatted(route.doubt().get()),
          route.output());
      return Optional.empty();
    }
    RouteValues values = RouteValues.of(recipe, lookup, route);
    values.report(faults);
    Optional<SideInputs.OfTensor> beside = sides.of(route, found, chief.shape());
    if (!values.isComplete() || beside.isEmpty()) {
      return Optional.empty();
    }
    TensorTerms terms = values.terms(chief.shape(), seed, beside.get().operands());
    List<TensorSource> inputs = found.stream().map(Found::source).toList();
    Optional<PlannedTensor> planned =
        merge(route, inputs, beside.get().sources(), chief, terms, values.named());
    if (planned.isPresent()) {
      unheeded.look(terms, values);
    }
    return planned;
  }

  private Optional<PlannedTensor> merge(
      Route route,
      List<TensorSource> inputs,
      List<TensorSource> beside,
      TensorSource chief,
      TensorTerms terms,
      List<Map.Entry<String, ParameterValues>> named) {
    MergeMethod method = recipe.method();
    boolean sameType = dtype.orElse(chief.dtype()) == chief.dtype() || !chief.dtype().isReadable();
    if (method.keepsBytes(terms) && sameType) {
      return Optional.of(copy(route, chief, terms.merge(), named));
    }
    for (int i = 0; i < inputs.size(); i++) {
      TensorSource input = inputs.get(i);
      if (!input.dtype().isReadable()) {
        faults.add(
            route.slice().sources().get(i).line(),
            "%s in %s cannot be merged; convert it to BF16, F16 or F32"
                .formatted(input.dtype(), input.place(0).origin()),
            route.output());
        return Optional.empty();
      }
    }
    Optional<String> problem = method.problemWith(terms);
    if (problem.isPresent()) {
      faults.add(route.slice().line(), problem.get(), route.output());
      return Optional.empty();
    }
    DType type = dtype.orElse(Float8Inputs.mergedType(chief));
    OutputTensor output = new OutputTensor(route.output(), type, chief.shape());
    TensorWork work = works.of(method, terms, output, inputs, beside);
    if (dtype.isEmpty() && type != chief.dtype()) {
      float8.addWidened(route.output());
    }
    return Optional.of(new PlannedTensor(work, terms.merge(), named));
  }

  private OutputFolder output() {
    List<ConfigEdit> edits = new ArrayList<>();
    dtype.map(ConfigEdit::type).ifPresent(edits::add);
    if (float8.areGone()) {
      edits.add(ConfigEdit.withoutFloat8(dtype.orElse(DType.BF16)));
    }
    if (!config.edits().isEmpty()) {
      edits.add(ConfigEdit.keys(config.edits()));
    }
    if (gathering.unties()) {
      edits.add(ConfigEdit.untied());
    }
    Model donor = models.get(recipe.donor());
    List<Companion> companions = new ArrayList<>();
    donor.companions().forEach((name, file) -> companions.add(new Copied(name, file)));
    return new OutputFolder(settings.layout(), edits, companions);
  }

  private List<String> notices() {
    PlanNotices notices = new PlanNotices(recipe);
    recipe.notices().forEach(notices::add);
    unheeded.notices().forEach(notices::add);
    copied.forEach(notices::addCopied);
    config.notices().forEach(notices::add);
    float8.notice().ifPresent(notices::add);
    coded.notice().filter(any -> recipe.method().arity().most() > 1).ifPresent(notices::add);
    compared.notices().forEach(notices::add);
    notices.addLoss(models.get(recipe.donor()), float8.areGone());
    if (gathering.unties()) {
      notices.addUntied();
    }
    notices.addIdleBase();
    return notices.all();
  }
}
