package dev.stockpot.merge.recipe;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

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

  /** Those that come before one of them. */
  public Stages upTo(String name) {
    List<Stage> earlier = new ArrayList<>();
    for (Stage stage : before) {
      if (stage.name().equals(name)) {
        break;
      }
      earlier.add(stage);
    }
    return new Stages(earlier, areExact);
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
