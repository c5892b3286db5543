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

/** Plans a merge: a function of a recipe, the headers of its models, and how work is to be cut. */
public final class MergePlanner {
  private final AskedMerge asked;
  private final Recipe recipe;
  private final Map<ModelReference, Model> models;
  private final PlanSettings settings;
  private final Optional<DType> dtype;
  private final Optional<String> dequantised; // what is told of codes that are read as numbers

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
  private final CodedTensors ofCodes;
  private final SideInputs sides;
  private final Chiefs chiefs;
  private final PartRules parts;
  private final Requantising requantising;

  /**
   * For a plan.
   *
   * @param models those that are asked for, or the same read as numbers
   */
  private MergePlanner(
      AskedMerge asked,
      Map<ModelReference, Model> models,
      Problems problems,
      Optional<String> dequantised) {
    this.asked = asked;
    this.recipe = asked.recipe();
    this.dequantised = dequantised;
    this.compared = new ComparedModels(recipe, models, dequantised.isPresent());
    this.models = compared.models();
    this.settings = asked.settings();
    this.dtype = asked.type().filter(DType::isWritable);
    this.problems = problems;
    this.lookup = new ParameterLookup(recipe);
    this.unheeded = new Unheeded(recipe);
    this.names = RouteNames.of(this.models);
    this.gathering = new Gathering(names, recipe.donor());
    this.config = ConfigFollower.of(names, recipe.donor());
    this.coded = new CodedInputs(this.models, recipe.donor(), this.dtype);
    this.chiefs = new Chiefs(recipe);
    this.sides = new SideInputs(recipe, asked.statistics());
    TensorWorks works =
        new TensorWorks(recipe.method().arity().takesOrigin(), asked.rounding(), asked.seed());
    Steps steps = new Steps(recipe, lookup, names, faults, asked.statistics());
    this.merged = new MergedTensors(recipe.method(), this.dtype, works, faults, float8, steps);
    this.copies = new Copies(this.dtype, works);
    this.parts = new PartRules(recipe, gathering, copies, this.models, faults, asked.seed());
    this.ofCodes = new CodedTensors(recipe, lookup, names, faults, coded, copies, this.dtype);
    this.requantising =
        new Requantising(
            asked.isOfFloat8(),
            asked.models().get(recipe.donor()),
            this.models.get(recipe.donor()),
            faults);
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
    Optional<DType> type = dtype.or(recipe::outDtype).or(recipe::dtype);
    AskedMerge asked = new AskedMerge(recipe, models, statistics, settings, type, rounding, seed);
    return new MergePlanner(asked, models, problems, Optional.empty()).plan();
  }

  /** The same merge of the numbers that codes stand for; empty if none wants it. */
  private Optional<MergePlanner> ofNumbers() {
    if (dequantised.isPresent() || !coded.wantsNumbers()) {
      return Optional.empty();
    }
    String told = CodedNumbers.notice(asked.models(), asked.type());
    return CodedNumbers.of(asked.models())
        .map(read -> new MergePlanner(asked, read, problems, Optional.of(told)));
  }

  private MergePlan plan() {
    TensorRouter router = new TensorRouter(recipe, names, problems);
    List<PlannedTensor> tensors = new ArrayList<>();
    for (Route route : router.routes()) {
      Optional<PlannedTensor> tensor =
          parts.planned(route, this::plan).filter(any -> fits(route, any));
      tensor.ifPresent(planned -> float8.check(planned.work()));
      tensor.map(planned -> requantised(route, planned)).ifPresent(tensors::addAll);
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
    requantising.report(recipe, problems);
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
    OutputFolder output = parts.applied(output(), tensors);
    return new MergePlan(
        layout.shards(),
        layout.parts(),
        layout.scans(),
        output,
        sides.planned(layout, merged.statistics()),
        notices(output));
  }

  private List<PlannedTensor> requantised(Route route, PlannedTensor planned) {
    List<PlannedTensor> all = requantising.of(route, planned);
    boolean fit = all.stream().allMatch(each -> each.equals(planned) || fits(route, each));
    return fit ? all : List.of();
  }

  private boolean fits(Route route, PlannedTensor planned) {
    return faults.admit(route, planned.work().obstacle(settings.taskBytes()));
  }

  private List<PlannedTensor> leftBehind(List<PlannedTensor> made) {
    List<PlannedTensor> taken = new ArrayList<>();
    for (Route route : LeftBehind.of(recipe, names, made)) {
      if (gathering.hasAny(route) || parts.leavesOut(route.output())) {
        continue; // what stands for it, or nothing on purpose
      }
      if (settings.missing() == MissingTensors.COPY) {
        TensorSource input = models.get(recipe.donor()).tensors().get(route.output());
        taken.addAll(requantised(route, copies.of(route, input, "not all models hold them")));
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
      return ofCodes.of(route, found, chief, asked.seed());
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
        values.terms(chief.shape(), asked.seed(), beside.get().operands(), names.role(route));
    List<TensorSource> inputs = found.stream().map(Found::source).toList();
    Optional<PlannedTensor> copied =
        requantising
            .copied(route, inputs, recipe.method().alone(terms))
            .or(() -> ofCodes.beside(route, inputs, terms, values));
    if (copied.isPresent()) {
      return copied;
    }
    Optional<PlannedTensor> planned =
        merged.of(route, inputs, beside.get().sources(), chief, terms, values.named());
    if (planned.isPresent()) {
      unheeded.look(terms, values);
    }
    return planned;
  }

  /** Whether codes that are read as numbers stay away, as they are not written again. */
  private boolean areGone(boolean areRead) {
    return areRead && !requantising.isOn();
  }

  private OutputFolder output() {
    boolean isDequantised = areGone(dequantised.isPresent());
    boolean isUntied = gathering.unties();
    return new PlannedFolder(dtype, isDequantised, areGone(float8.areGone()), isUntied, models)
        .of(
            settings.layout(),
            Optional.of(config.edits()).filter(any -> !any.isEmpty()).map(ConfigEdit::keys),
            models.get(recipe.donor()));
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
    notices.addLoss(
        models.get(recipe.donor()), areGone(dequantised.isPresent()), areGone(float8.areGone()));
    dequantised.ifPresent(notices::add);
    requantising.tell(notices);
    notices.addUntied(gathering);
    notices.addIdleBase();
    notices.addLeftBehind(models.get(recipe.donor()));
    output.card().notice().ifPresent(notices::add);
    return notices.all();
  }
}
