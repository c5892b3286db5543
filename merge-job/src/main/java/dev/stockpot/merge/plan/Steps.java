package dev.stockpot.merge.plan;

import static java.util.stream.Collectors.joining;

import dev.stockpot.kernels.method.ParameterValues;
import dev.stockpot.kernels.method.PostProgram;
import dev.stockpot.kernels.method.SideInput;
import dev.stockpot.kernels.method.TensorTerms;
import dev.stockpot.kernels.number.Shape;
import dev.stockpot.merge.model.TensorSource;
import dev.stockpot.merge.recipe.ChosenStep;
import dev.stockpot.merge.recipe.ModelReference;
import dev.stockpot.merge.recipe.ParameterLookup;
import dev.stockpot.merge.recipe.Recipe;
import dev.stockpot.merge.recipe.ResolvedParameters;
import dev.stockpot.merge.statistics.StatisticsCheckpoint;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Puts the steps of a recipe behind the merges of its tensors, and tells what they leave alone. */
final class Steps {
  private final Recipe recipe;
  private final ParameterLookup lookup;
  private final RouteNames names;
  private final Faults faults;
  private final StepSides sides;
  private final Map<ChosenStep, List<String>> changed = new LinkedHashMap<>();
  private final Map<ChosenStep, List<String>> left = new LinkedHashMap<>();

  Steps(
      Recipe recipe,
      ParameterLookup lookup,
      RouteNames names,
      Faults faults,
      Map<ModelReference, StatisticsCheckpoint> statistics) {
    this.recipe = recipe;
    this.lookup = lookup;
    this.names = names;
    this.faults = faults;
    this.sides = new StepSides(recipe, statistics, names, faults);
  }

  /**
   * What follows the merge of one tensor.
   *
   * @param programs of the steps that change it
   * @param beside the base model's tensor, where the merge itself makes no use of it, and what
   *     steps look at beside models
   * @param values of the steps that change it, by step and parameter
   */
  record OfTensor(
      List<PostProgram> programs, List<TensorSource> beside, Map<String, Object> values) {
    static final OfTensor NONE = new OfTensor(List.of(), List.of(), Map.of());

    boolean isEmpty() {
      return programs.isEmpty();
    }

    /** The parameters of a merge and of the steps behind it. */
    ParameterValues with(ParameterValues merge) {
      Map<String, Object> all = new LinkedHashMap<>(merge.values());
      all.putAll(values);
      return new ParameterValues(all);
    }
  }

  /**
   * The steps behind one tensor's merge; nothing if something is wrong with them, which is told.
   */
  Optional<OfTensor> of(Route route, TensorTerms terms) {
    if (recipe.post().isEmpty() || recipe.method().numbers(terms).isPresent()) {
      return Optional.of(OfTensor.NONE);
    }
    Optional<TensorSource> base =
        terms.base().isPresent() ? Optional.empty() : base(route, terms.shape());
    TensorTerms seen = base.isPresent() ? terms.withBaseBehind() : terms;
    List<PostProgram> programs = new ArrayList<>();
    List<TensorSource> behind = new ArrayList<>(base.map(List::of).orElse(List.of()));
    List<SideInput.Given> operands = new ArrayList<>();
    Map<String, Object> values = new LinkedHashMap<>();
    boolean isWhole = true;
    for (int i = 0; i < recipe.post().size(); i++) {
      ChosenStep step = recipe.post().get(i);
      ResolvedParameters resolved = lookup.stepValues(step, route.output(), route.depth());
      if (!resolved.missing().isEmpty() || (step.step().needsBase() && seen.base().isEmpty())) {
        addFaults(step, resolved, route, seen.base().isEmpty());
        isWhole = false;
        continue;
      }
      StepSides.Beside beside = sides.of(step.step(), route, terms.besideBase());
      List<SideInput.Given> own = new ArrayList<>(operands);
      own.addAll(beside.operands());
      TensorTerms ofStep = seen.with(resolved.values()).beside(own);
      Optional<String> problem = step.step().problemWith(ofStep);
      if (problem.isPresent()) {
        faults.add(step.line(), problem.get(), route.output());
        isWhole = false;
        continue;
      }
      Optional<PostProgram> program = step.step().program(ofStep);
      (program.isPresent() ? changed : left)
          .computeIfAbsent(step, any -> new ArrayList<>())
          .add(route.output());
      if (program.isPresent()) {
        programs.add(program.get());
        behind.addAll(beside.sources());
        beside.operands().forEach(any -> operands.add(SideInput.Given.OF_ANOTHER));
        String name = "post.%s.%s.".formatted(i + 1, step.step().name());
        resolved.values().values().forEach((key, value) -> values.put(name + key, value));
      }
    }
    return isWhole ? Optional.of(new OfTensor(programs, behind, values)) : Optional.empty();
  }

  private void addFaults(
      ChosenStep step, ResolvedParameters resolved, Route route, boolean lacksBase) {
    for (String parameter : resolved.missing()) {
      faults.add(
          step.line(),
          "no filter gives `%s` of %s; add a last entry without a filter"
              .formatted(parameter, step.step().name()),
          route.output());
    }
    if (step.step().needsBase() && lacksBase) {
      faults.add(
          step.line(),
          "`%s` compares with the base model, which has no such tensor of that shape, or none that is known; take a base of the models' architecture, or list it as a source of each slice"
              .formatted(step.step().name()),
          route.output());
    }
  }

  /** Of a base that the method makes no use of: under the output's name, where models are whole. */
  private Optional<TensorSource> base(Route route, Shape shape) {
    Optional<ModelReference> base = recipe.baseOf(route.slice());
    return base.filter(any -> recipe.wholeModels())
        .map(reference -> names.models().get(reference).tensors().get(route.output()))
        .filter(source -> source.shape().equals(shape) && source.dtype().isReadable());
  }

  /** Checkpoints that steps look into. */
  List<Statistics> statistics() {
    return sides.statistics();
  }

  /** Tells of steps that change nothing, and of tensors that steps leave as they were merged. */
  void tell(PlanNotices notices) {
    for (ChosenStep step : recipe.post()) {
      List<String> untouched = left.getOrDefault(step, List.of());
      if (!changed.containsKey(step)) {
        notices.add(
            "%s:%s: `%s` changes nothing: %s"
                .formatted(recipe.source(), step.line(), step.step().name(), why(step, untouched)));
      } else if (!untouched.isEmpty()) {
        notices.add(
            "%s stay as merged, as %s is for %s: %s"
                .formatted(
                    Gathering.tensors(untouched.size()),
                    step.step().name(),
                    step.step().subjects(),
                    Gathering.examples(untouched)));
      }
    }
    if (!changed.isEmpty()) {
      notices.add(
          "%s: one task holds all of a tensor, of every model, to revise it"
              .formatted(
                  changed.keySet().stream()
                      .map(step -> step.step().name())
                      .distinct()
                      .collect(joining(", "))));
    }
  }

  private static String why(ChosenStep step, List<String> untouched) {
    return untouched.isEmpty()
        ? "no tensor is merged"
        : "no %s is left to it with these parameters".formatted(step.step().subject());
  }
}
