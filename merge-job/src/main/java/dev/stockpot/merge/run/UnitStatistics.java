package dev.stockpot.merge.run;

import dev.stockpot.merge.UserException;
import dev.stockpot.merge.align.ActivationFiles;
import dev.stockpot.merge.plan.Statistics;
import dev.stockpot.merge.recipe.AlignChoice;
import dev.stockpot.merge.recipe.ModelReference;
import dev.stockpot.merge.recipe.Recipe;
import dev.stockpot.merge.recipe.Source;
import dev.stockpot.merge.statistics.StatisticsCheckpoint;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/** Statistics beside models that are aligned: what tells of their units, and what moves along. */
final class UnitStatistics {
  private final Recipe recipe;
  private final Map<ModelReference, StatisticsCheckpoint> before;
  private final Map<ModelReference, StatisticsCheckpoint> moved;
  private final Map<ModelReference, ModelReference> owners = new LinkedHashMap<>();
  private final List<Statistics> read = new ArrayList<>();
  private final Set<String> notices = new LinkedHashSet<>();

  UnitStatistics(Recipe recipe, Map<ModelReference, StatisticsCheckpoint> statistics) {
    this.recipe = recipe;
    this.before = statistics;
    this.moved = new LinkedHashMap<>(statistics);
  }

  /** What tells how alike units are; nothing where weights do. */
  Optional<ActivationFiles> activations(ModelReference model, AlignChoice choice) {
    if (choice.by().together().isEmpty()) {
      return Optional.empty();
    }
    String kind = choice.by().together().get(0);
    return Optional.of(
        new ActivationFiles(
            named(model, kind).orElseThrow(),
            ofEach(choice.to(recipe.base()), choice),
            ofEach(model, choice),
            choice.by() == AlignChoice.By.ZIPIT));
  }

  private Optional<ActivationFiles.Named> ofEach(ModelReference model, AlignChoice choice) {
    return choice.by().ofEach().stream().flatMap(kind -> named(model, kind).stream()).findFirst();
  }

  private Optional<ActivationFiles.Named> named(ModelReference model, String kind) {
    Optional<ModelReference> place = Optional.ofNullable(beside(model).get(kind));
    place.ifPresent(it -> tell(kind, it));
    return place.map(
        it -> new ActivationFiles.Named("%s (`%s`)".formatted(it, kind), before.get(it)));
  }

  private void tell(String kind, ModelReference place) {
    StatisticsCheckpoint found = before.get(place);
    read.add(new Statistics(kind, found.model()));
    found.remarks().stream()
        .map(remark -> "%s (`%s`): %s".formatted(place, kind, remark))
        .forEach(notices::add);
  }

  /** What a user should know of statistics that tell where units belong. */
  List<String> notices() {
    return List.copyOf(notices);
  }

  private Map<String, ModelReference> beside(ModelReference model) {
    Map<String, ModelReference> beside = new LinkedHashMap<>();
    recipe
        .slices()
        .forEach(
            slice ->
                slice.sources().stream()
                    .filter(source -> source.model().equals(model))
                    .map(Source::statistics)
                    .forEach(beside::putAll));
    return beside;
  }

  /**
   * Puts what lies beside a model where its units went.
   *
   * @throws UserException if it is of another model, too
   */
  void move(ModelReference model, UnaryOperator<StatisticsCheckpoint> moving) {
    Set<ModelReference> places = new LinkedHashSet<>(beside(model).values());
    for (ModelReference place : places) {
      ModelReference other = owners.putIfAbsent(place, model);
      if (other != null || isBesideAnother(place, model)) {
        throw new UserException(
            "%s:%s: %s lies beside %s and another model, and moves with the units of the one alone; give each its own"
                .formatted(recipe.source(), place.line(), place, model));
      }
      moved.computeIfPresent(place, (any, old) -> moving.apply(old));
    }
  }

  private boolean isBesideAnother(ModelReference place, ModelReference model) {
    return recipe.slices().stream()
        .flatMap(slice -> slice.sources().stream())
        .anyMatch(
            source -> !source.model().equals(model) && source.statistics().containsValue(place));
  }

  Map<ModelReference, StatisticsCheckpoint> moved() {
    return moved;
  }

  List<Statistics> read() {
    return List.copyOf(new LinkedHashSet<>(read));
  }
}
