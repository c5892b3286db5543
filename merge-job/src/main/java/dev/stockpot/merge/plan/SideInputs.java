package dev.stockpot.merge.plan;

import dev.stockpot.kernels.method.Parameter;
import dev.stockpot.kernels.method.SideInput;
import dev.stockpot.kernels.number.Shape;
import dev.stockpot.merge.model.Model;
import dev.stockpot.merge.model.TensorSource;
import dev.stockpot.merge.plan.Gathering.Found;
import dev.stockpot.merge.recipe.ModelReference;
import dev.stockpot.merge.recipe.Problems;
import dev.stockpot.merge.recipe.Recipe;
import dev.stockpot.merge.recipe.Source;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Looks up the statistics that a method reads beside models, and gathers what is amiss. */
final class SideInputs {
  private final Recipe recipe;
  private final Map<ModelReference, Model> checkpoints;
  private final Map<Use, Statistics> used = new LinkedHashMap<>();
  private final Map<Fault, List<String>> faults = new LinkedHashMap<>();

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
  SideInputs(Recipe recipe, Map<ModelReference, Model> checkpoints) {
    this.recipe = recipe;
    this.checkpoints = checkpoints;
  }

  /**
   * Those of a tensor; nothing, if something is amiss with one.
   *
   * @param models what it is merged of, one for each source of the slice
   */
  Optional<OfTensor> of(Route route, List<Found> models, Shape shape) {
    List<SideInput.Given> operands = new ArrayList<>();
    List<TensorSource> sources = new ArrayList<>();
    boolean isWhole = true;
    for (SideInput input : recipe.method().sideInputs()) {
      for (Wanted wanted : wanted(input, route, models)) {
        Optional<TensorSource> found = find(input, wanted, shape);
        found.ifPresent(sources::add);
        found.ifPresent(any -> operands.add(wanted.operand()));
        isWhole &= found.isPresent();
      }
    }
    return isWhole ? Optional.of(new OfTensor(operands, sources)) : Optional.empty();
  }

  private record Wanted(ModelReference checkpoint, String tensor, SideInput.Given operand) {}

  /** What a recipe gives of one side input for one tensor. */
  private List<Wanted> wanted(SideInput input, Route route, List<Found> models) {
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

  private Optional<TensorSource> find(SideInput input, Wanted wanted, Shape shape) {
    ModelReference place = wanted.checkpoint();
    Model checkpoint = checkpoints.get(place);
    used.putIfAbsent(new Use(input.name(), place), new Statistics(input.name(), checkpoint));
    TensorSource tensor = checkpoint.tensors().get(wanted.tensor());
    if (tensor == null) {
      add(place, input, "lacks %s of the models", "Compute it of the same model", wanted.tensor());
      return Optional.empty();
    }
    if (!tensor.shape().equals(shape)) {
      add(
          place,
          input,
          "has %s of another shape than the models",
          "Compute it of the same model",
          "%s is %s, but %s in the models".formatted(wanted.tensor(), tensor.shape(), shape));
      return Optional.empty();
    }
    Optional<String> problem = input.problemWith(tensor.dtype());
    problem.ifPresent(
        wrong ->
            add(
                place,
                input,
                "has %s of a wrong type",
                "Convert it",
                wanted.tensor() + " " + wrong));
    return problem.isPresent() ? Optional.empty() : Optional.of(tensor);
  }

  private void add(ModelReference place, SideInput input, String verb, String remedy, String what) {
    faults
        .computeIfAbsent(new Fault(place, input.name(), verb, remedy), any -> new ArrayList<>())
        .add(what);
  }

  void report(Problems problems) {
    faults.forEach(
        (fault, what) ->
            problems.add(
                fault.checkpoint().line(),
                "%s (`%s`) %s: %s. %s"
                    .formatted(
                        fault.checkpoint(),
                        fault.kind(),
                        fault.verb().formatted(Gathering.tensors(what.size())),
                        Gathering.examples(what),
                        fault.remedy())));
  }

  /** What the merge reads and makes beside models, once all tensors were looked up. */
  MergeSides planned(ShardLayout layout) {
    return new MergeSides(List.copyOf(used.values()), layout.sides());
  }
}
