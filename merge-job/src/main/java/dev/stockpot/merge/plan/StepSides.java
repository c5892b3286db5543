package dev.stockpot.merge.plan;

import dev.stockpot.kernels.method.BesideTensor;
import dev.stockpot.kernels.method.Parameter;
import dev.stockpot.kernels.method.PostStep;
import dev.stockpot.kernels.method.SideInput;
import dev.stockpot.merge.model.TensorSource;
import dev.stockpot.merge.recipe.ModelReference;
import dev.stockpot.merge.recipe.Recipe;
import dev.stockpot.merge.recipe.Source;
import dev.stockpot.merge.statistics.StatisticsCheckpoint;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** Looks up what steps behind a merge look at beside a tensor: others of its module, statistics. */
final class StepSides {
  private final Recipe recipe;
  private final Map<ModelReference, StatisticsCheckpoint> checkpoints;
  private final RouteNames names;
  private final Faults faults;
  private final Map<Use, Statistics> used = new LinkedHashMap<>();

  private record Use(String kind, ModelReference place) {}

  /**
   * What is there beside one tensor.
   *
   * @param operands which they are
   * @param sources what they are made of, in the same order
   */
  record Beside(List<SideInput.Given> operands, List<TensorSource> sources) {}

  StepSides(
      Recipe recipe,
      Map<ModelReference, StatisticsCheckpoint> checkpoints,
      RouteNames names,
      Faults faults) {
    this.recipe = recipe;
    this.checkpoints = checkpoints;
    this.names = names;
    this.faults = faults;
  }

  /**
   * All that a step looks at and that is there.
   *
   * @param models places of those that are no base
   */
  Beside of(PostStep step, Route route, List<Integer> models) {
    Beside beside = new Beside(new ArrayList<>(), new ArrayList<>());
    for (BesideTensor wanted : step.beside()) {
      if (wanted.scope() == Parameter.Scope.MERGE) {
        wanted
            .kind()
            .map(recipe.statistics()::get)
            .ifPresent(place -> add(wanted, place, route.output(), OptionalInt.empty(), beside));
        continue;
      }
      for (int model : models) {
        Source source = route.slice().sources().get(model);
        String tensor = route.inputs().get(model);
        if (wanted.kind().isEmpty()) {
          addSibling(wanted, source, tensor, model, beside);
        } else if (source.statistics().containsKey(wanted.kind().get())) {
          ModelReference place = source.statistics().get(wanted.kind().get());
          add(wanted, place, tensor, OptionalInt.of(model), beside);
        }
      }
    }
    return beside;
  }

  private void addSibling(
      BesideTensor wanted, Source source, String tensor, int model, Beside beside) {
    TensorSource other = names.models().get(source.model()).tensors().get(wanted.beside(tensor));
    if (other != null && other.dtype().isReadable()) {
      beside.operands().add(wanted.given(OptionalInt.of(model), SideInput.Facts.of(other.shape())));
      beside.sources().add(other);
    }
  }

  private void add(
      BesideTensor wanted, ModelReference place, String tensor, OptionalInt model, Beside beside) {
    StatisticsCheckpoint checkpoint = checkpoints.get(place);
    String kind = wanted.kind().orElseThrow();
    if (used.putIfAbsent(new Use(kind, place), new Statistics(kind, checkpoint.model())) == null) {
      check(place, kind, tensor);
    }
    TensorSource statistic = checkpoint.model().tensors().get(wanted.beside(tensor));
    double count = checkpoint.counts().getOrDefault(BesideTensor.module(tensor), 0.0);
    if (statistic != null && statistic.dtype().isReadable() && count > 0) {
      SideInput.Facts facts =
          new SideInput.Facts(statistic.shape(), count, true, checkpoint.notes().isTransposed());
      beside.operands().add(wanted.given(model, facts));
      beside.sources().add(statistic);
    }
  }

  /** Checkpoints that steps look into, for the manifest. */
  List<Statistics> statistics() {
    return List.copyOf(used.values());
  }

  /** Notes what is amiss with a checkpoint as a whole. */
  private void check(ModelReference place, String kind, String tensor) {
    StatisticsCheckpoint checkpoint = checkpoints.get(place);
    Optional<String> other = checkpoint.notes().kind().filter(said -> !said.equals(kind));
    other.ifPresent(
        said ->
            faults.add(
                place.line(),
                "%s says that it is `%s`, and not `%s`. Name the file of that kind"
                    .formatted(place, said, kind),
                tensor));
    for (String fault : checkpoint.faults()) {
      faults.add(place.line(), "%s (`%s`): %s".formatted(place, kind, fault), tensor);
    }
  }
}
