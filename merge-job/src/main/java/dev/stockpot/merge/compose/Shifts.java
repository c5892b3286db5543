package dev.stockpot.merge.compose;

import dev.stockpot.merge.model.Model;
import dev.stockpot.merge.model.TensorSource;
import dev.stockpot.merge.recipe.ComposeRule.Take;
import dev.stockpot.merge.recipe.ModelReference;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What maps add to the states that they give, {@code y = S x + c}, and where that goes: {@code W y
 * + b} is {@code W S x + (W c + b)}, so a layer that reads through such a map has another bias.
 */
final class Shifts {
  private static final String WEIGHT = ".weight";
  private static final String BIAS = ".bias";

  private final Map<ModelReference, Model> models;
  private final Map<String, TensorSource> added = new LinkedHashMap<>();
  private final Map<String, Owed> owed = new LinkedHashMap<>();
  private final Set<String> paid = new HashSet<>();

  /** A bias that a layer gets that had none. */
  record Bias(String name, TensorSource source, String words) {}

  /**
   * A bias that its layer's matrix leaves behind.
   *
   * @param line of the rule that carries the matrix
   */
  record Owed(String bias, String map, int line) {}

  Shifts(Map<ModelReference, Model> models) {
    this.models = models;
  }

  /** What a map of that name adds. */
  void add(String map, TensorSource bias) {
    added.put(map, bias);
  }

  /**
   * Refuses a map that adds something.
   *
   * @throws IllegalArgumentException if it does
   */
  void requireNone(String map) {
    if (added.containsKey(map)) {
      throw new IllegalArgumentException(
          "%s has a bias, which every layer that is carried `onto` it would add; find it without `bias`"
              .formatted(map));
    }
  }

  /** Whether a rule carries the bias of a layer, through a map that adds something. */
  boolean isBias(Take rule, TensorSource source) {
    return added.containsKey(through(rule))
        && source.shape().dimensions().size() == 1
        && stored(source).endsWith(BIAS);
  }

  /**
   * The bias of a layer whose matrix is carried through the same map.
   *
   * @throws IllegalArgumentException if there is no such matrix
   */
  TensorSource ofBias(Take rule, String name, TensorSource bias) {
    String matrix = other(stored(bias), BIAS, WEIGHT);
    TensorSource weight = models.get(rule.from()).tensors().get(matrix);
    if (weight == null) {
      throw new IllegalArgumentException(
          "%s has no %s, so that nobody knows what %s adds to its bias"
              .formatted(rule.from(), matrix, through(rule)));
    }
    paid.add(key(rule, stored(bias)));
    return Carrying.shifted(name, weight, added.get(through(rule)), Optional.of(bias));
  }

  /** The new bias of a layer that had none, where a matrix is carried through such a map. */
  Optional<Bias> ofMatrix(Take rule, String name, TensorSource weight) {
    String map = through(rule);
    if (!added.containsKey(map)) {
      return Optional.empty();
    }
    if (!name.endsWith(WEIGHT) || !stored(weight).endsWith(WEIGHT)) {
      throw new IllegalArgumentException(
          "%s has a bias, and the bias of a layer is found by its matrix's name, which must end in %s"
              .formatted(map, WEIGHT));
    }
    String bias = other(stored(weight), WEIGHT, BIAS);
    if (models.get(rule.from()).tensors().containsKey(bias)) {
      owed.put(key(rule, bias), new Owed(bias, map, rule.line()));
      return Optional.empty();
    }
    String made = other(name, WEIGHT, BIAS);
    return Optional.of(
        new Bias(
            made,
            Carrying.shifted(made, weight, added.get(map), Optional.empty()),
            "new, %s times what %s adds".formatted(name, map)));
  }

  /** Biases that no rule has carried as their matrices were. */
  List<Owed> owed() {
    List<Owed> left = new ArrayList<>();
    owed.forEach(
        (key, each) -> {
          if (!paid.contains(key)) {
            left.add(each);
          }
        });
    return left;
  }

  private static String through(Take rule) {
    return rule.carry().through().orElse("");
  }

  private static String stored(TensorSource source) {
    return source.place(0).tensor();
  }

  /** A model may be taken more than once, through other maps. */
  private static String key(Take rule, String tensor) {
    return "%s %s %s".formatted(rule.from(), through(rule), tensor);
  }

  private static String other(String name, String end, String instead) {
    return name.substring(0, name.length() - end.length()) + instead;
  }
}
