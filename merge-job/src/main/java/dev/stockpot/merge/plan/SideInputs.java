package dev.stockpot.merge.plan;

import dev.stockpot.kernels.method.Parameter;
import dev.stockpot.kernels.method.SideInput;
import dev.stockpot.kernels.number.Shape;
import dev.stockpot.merge.model.TensorSource;
import dev.stockpot.merge.recipe.ModelReference;
import dev.stockpot.merge.recipe.Problems;
import dev.stockpot.merge.recipe.Recipe;
import dev.stockpot.merge.recipe.Source;
import dev.stockpot.merge.statistics.StatisticsCheckpoint;
import dev.stockpot.merge.statistics.StatisticsCheckpoint.Found;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Looks up the statistics that a method reads beside models, and gathers what is amiss. */
final class SideInputs {
  private final Recipe recipe;
  private final Map<ModelReference, StatisticsCheckpoint> checkpoints;
  private final Map<Use, Statistics> used = new LinkedHashMap<>();
  private final Map<ModelReference, Set<String>> usedTensors = new LinkedHashMap<>();
  private final Map<Fault, Set<String>> faults = new LinkedHashMap<>();

  private record Use(String kind, ModelReference checkpoint) {}

  /** What is amiss with tensors of a checkpoint, in words around their number and names. */
  private record Fault(ModelReference checkpoint, String kind, String verb, String remedy) {}

  /**
   * The side inputs of one tensor.
   *
   * @param operands which they are
   * @param sources what they are made of, in the same order
   */
  record OfTensor(List<SideInput.Given> operands, List<TensorSource> sources) {
    OfTensor {
      operands = List.copyOf(operands);
      sources = List.copyOf(sources);
    }
  }

  /** Side inputs of the recipe's method, which lie in these checkpoints. */
  SideInputs(Recipe recipe, Map<ModelReference, StatisticsCheckpoint> checkpoints) {
    this.recipe = recipe;
    this.checkpoints = checkpoints;
  }

  /**
   * Those of a tensor; nothing, if something is amiss with one.
   *
   * @param models what it is merged of, one for each source of the slice
   */
  Optional<OfTensor> of(Route route, List<Gathering.Found> models, Shape shape) {
    List<SideInput.Given> operands = new ArrayList<>();
    List<TensorSource> sources = new ArrayList<>();
    boolean isWhole = true;
    for (SideInput input : recipe.method().sideInputs()) {
      for (Wanted wanted : wanted(input, route, models)) {
        Optional<Found> found =
            checkpoint(input, wanted).find(input.layout(), wanted.tensor(), shape);
        if (found.isPresent() && fits(input, wanted, found.get())) {
          sources.add(found.get().source());
          operands.add(wanted.operand().with(found.get().facts()));
          usedTensors
              .computeIfAbsent(wanted.checkpoint(), any -> new HashSet<>())
              .add(found.get().name());
        } else if (found.isPresent() || input.layout().isOfEveryTensor()) {
          isWhole = false;
        }
        if (found.isEmpty() && input.layout().isOfEveryTensor()) {
          add(
              wanted.checkpoint(),
              input,
              "lacks %s of the models",
              "Compute it of the same model",
              wanted.tensor());
        }
      }
    }
    return isWhole ? Optional.of(new OfTensor(operands, sources)) : Optional.empty();
  }

  private StatisticsCheckpoint checkpoint(SideInput input, Wanted wanted) {
    StatisticsCheckpoint checkpoint = checkpoints.get(wanted.checkpoint());
    used.putIfAbsent(
        new Use(input.name(), wanted.checkpoint()),
        new Statistics(input.name(), checkpoint.model()));
    return checkpoint;
  }

  private record Wanted(ModelReference checkpoint, String tensor, SideInput.Given operand) {}

  /** What a recipe gives of one side input for one tensor. */
  private List<Wanted> wanted(SideInput input, Route route, List<Gathering.Found> models) {
    List<Wanted> wanted = new ArrayList<>();
    if (input.scope() == Parameter.Scope.MERGE) {
      Optional.ofNullable(recipe.statistics().get(input.name()))
          .ifPresent(
              place -> wanted.add(new Wanted(place, route.output(), SideInput.Given.of(input))));
      return wanted;
    }
    List<Source> sources = route.slice().sources();
    for (int i = 0; i < sources.size(); i++) {
      ModelReference place = sources.get(i).statistics().get(input.name());
      if (place != null) {
        wanted.add(new Wanted(place, models.get(i).name(), SideInput.Given.of(input, i)));
      }
    }
    return wanted;
  }

  private boolean fits(SideInput input, Wanted wanted, Found found) {
    ModelReference place = wanted.checkpoint();
    if (!found.source().shape().equals(found.expected())) {
      boolean isOfElements = input.layout().isOfEveryTensor();
      add(
          place,
          input,
          isOfElements
              ? "has %s of another shape than the models"
              : "has %s of another shape than the models' inputs",
          "Compute it of the same model",
          "%s is %s, but %s in the models"
              .formatted(found.name(), found.source().shape(), found.expected()));
      return false;
    }
    Optional<String> problem = input.problemWith(found.source().dtype());
    problem.ifPresent(
        wrong ->
            add(place, input, "has %s of a wrong type", "Convert it", found.name() + " " + wrong));
    return problem.isEmpty();
  }

  private void add(ModelReference place, SideInput input, String verb, String remedy, String what) {
    faults
        .computeIfAbsent(new Fault(place, input.name(), verb, remedy), any -> new LinkedHashSet<>())
        .add(what);
  }

  void report(Problems problems) {
    reportKinds(problems);
    faults.forEach(
        (fault, what) ->
            problems.add(
                fault.checkpoint().line(),
                "%s (`%s`) %s: %s. %s"
                    .formatted(
                        fault.checkpoint(),
                        fault.kind(),
                        fault.verb().formatted(Gathering.tensors(what.size())),
                        Gathering.examples(List.copyOf(what)),
                        fault.remedy())));
  }

  /** What is amiss with checkpoints as a whole. */
  private void reportKinds(Problems problems) {
    for (Use use : used.keySet()) {
      StatisticsCheckpoint checkpoint = checkpoints.get(use.checkpoint());
      SideInput input = input(use.kind());
      Optional<String> other = checkpoint.notes().kind().filter(kind -> !input.isKind(kind));
      other.ifPresent(
          kind ->
              problems.add(
                  use.checkpoint().line(),
                  "%s says that it is `%s`, and not `%s`. Name the file of that kind"
                      .formatted(use.checkpoint(), kind, use.kind())));
      problems.addIf(
          !input.layout().isOfEveryTensor() && checkpoint.notes().isSum().isEmpty(),
          use.checkpoint().line(),
          "%s (`%s`) does not say whether it holds sums or means. Write `normalised` as sum or mean into its metadata"
              .formatted(use.checkpoint(), use.kind()));
      for (String fault : checkpoint.faults()) {
        problems.add(
            use.checkpoint().line(),
            "%s (`%s`): %s".formatted(use.checkpoint(), use.kind(), fault));
      }
    }
  }

  private SideInput input(String kind) {
    return recipe.method().sideInputs().stream()
        .filter(input -> input.name().equals(kind))
        .findFirst()
        .orElseThrow();
  }

  /** Tells of statistics that no tensor of the models wants: they may be misspelt. */
  void tell(PlanNotices notices) {
    Set<ModelReference> told = new HashSet<>();
    for (Use use : used.keySet()) {
      checkpoints.get(use.checkpoint()).remarks().stream()
          .map(remark -> "%s (`%s`): %s".formatted(use.checkpoint(), use.kind(), remark))
          .forEach(notices::add);
      List<String> rest = new ArrayList<>(checkpoints.get(use.checkpoint()).names());
      rest.removeAll(usedTensors.getOrDefault(use.checkpoint(), Set.of()));
      if (!rest.isEmpty() && told.add(use.checkpoint())) {
        notices.add(
            "%s (`%s`) has %s that nothing in this merge needs: %s"
                .formatted(
                    use.checkpoint(),
                    use.kind(),
                    Gathering.tensors(rest.size()),
                    Gathering.examples(rest)));
      }
    }
  }

  /**
   * What the merge reads and makes beside models, once all tensors were looked up.
   *
   * @param ofSteps what steps behind the merge read
   */
  MergeSides planned(ShardLayout layout, List<Statistics> ofSteps) {
    List<Statistics> all = new ArrayList<>(used.values());
    all.addAll(ofSteps);
    return new MergeSides(all, layout.sides());
  }
}
