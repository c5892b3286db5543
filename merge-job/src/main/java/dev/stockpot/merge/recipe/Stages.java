package dev.stockpot.merge.recipe;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The merges that come before the one that is written.
 *
 * @param before each of which takes none but those in front of it
 * @param areExact whether what they make stays as it was computed, in float32, and is not rounded
 *     to the type that it would be written in
 */
public record Stages(List<Stage> before, boolean areExact) {
  public static final Stages NONE = new Stages(List.of(), false);

  public Stages {
    before = List.copyOf(before);
    Set<String> names = new HashSet<>();
    for (Stage stage : before) {
      if (!names.add(stage.name())) {
        throw new IllegalArgumentException("two stages are called %s".formatted(stage.name()));
      }
    }
  }

  public boolean isEmpty() {
    return before.isEmpty();
  }

  public Set<String> names() {
    return before.stream().map(Stage::name).collect(Collectors.toCollection(LinkedHashSet::new));
  }

  /** The stage that a model is, or that its adapters are put on; nothing if it is stored. */
  public Optional<String> of(ModelReference model) {
    Set<String> names = names();
    return Stream.of(model.path(), model.base().path()).filter(names::contains).findFirst();
  }

  /** The stage beside which state lies, by where it lies; nothing if it lies beside no stage. */
  public Optional<String> besideWhich(ModelReference state) {
    return names().stream()
        .filter(name -> state.path().startsWith("%s/%s/".formatted(name, RoundChoice.STATE)))
        .findFirst();
  }

  /** Those that a merge takes, and those that these take. */
  public Stages neededBy(Recipe recipe) {
    Set<String> needed = new HashSet<>();
    recipe.named().forEach(model -> of(model).ifPresent(needed::add));
    for (int i = before.size() - 1; i >= 0; i--) { // each takes none but those in front of it
      if (needed.contains(before.get(i).name())) {
        before.get(i).recipe().named().forEach(model -> of(model).ifPresent(needed::add));
      }
    }
    return new Stages(
        before.stream().filter(stage -> needed.contains(stage.name())).toList(), areExact);
  }

  /** The same stages with other recipes. */
  public Stages with(List<Recipe> recipes) {
    List<Stage> others = new ArrayList<>();
    for (int i = 0; i < before.size(); i++) {
      others.add(new Stage(before.get(i).name(), recipes.get(i)));
    }
    return new Stages(others, areExact);
  }
}
