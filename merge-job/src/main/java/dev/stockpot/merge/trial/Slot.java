package dev.stockpot.merge.trial;

import static java.util.Objects.requireNonNull;

import dev.stockpot.merge.recipe.ListNode;
import dev.stockpot.merge.recipe.MapNode;
import dev.stockpot.merge.recipe.Node;
import dev.stockpot.merge.recipe.ScalarNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * A place of a recipe that a search fills: by one value, or by a number for each group of layers.
 *
 * @param path of it in the recipe: {@code models[1].parameters.weight}
 * @param holes one for each value
 */
record Slot(String path, List<Hole> holes, Form form) {

  /** How the values stand in the recipe. */
  enum Form {
    /** One value. */
    VALUE,
    /** A number for each of equal groups of layers. */
    STEPS,
    /** Numbers that go over into each other from layer to layer. */
    GRADIENT
  }

  Slot {
    requireNonNull(path, "path is null");
    requireNonNull(form, "form is null");
    holes = List.copyOf(holes);
    if (holes.isEmpty() || (form == Form.VALUE && holes.size() > 1)) {
      throw new IllegalArgumentException("%s holes as %s".formatted(holes.size(), form));
    }
  }

  /** How many groups of layers have numbers of their own; 1 if all layers have the same. */
  int groups() {
    return holes.size();
  }

  int line() {
    return holes.get(0).line();
  }

  /**
   * What stands there.
   *
   * @param places in [0, 1], one for each hole
   */
  Node filled(List<Double> places, int line) {
    List<Node> values = new ArrayList<>();
    for (int i = 0; i < holes.size(); i++) {
      values.add(holes.get(i).values().at(places.get(i), line));
    }
    return switch (form) {
      case VALUE -> values.get(0);
      case GRADIENT -> new ListNode(values, line);
      case STEPS ->
          new MapNode(List.of(new MapNode.Entry("steps", line, new ListNode(values, line))), line);
    };
  }

  /** The values in words. */
  String described(List<Double> places) {
    List<String> words = new ArrayList<>();
    for (int i = 0; i < holes.size(); i++) {
      words.add(
          holes.get(i).values().at(places.get(i), 0) instanceof ScalarNode value
              ? shown(value)
              : "…");
    }
    return "%s = %s"
        .formatted(
            path,
            form == Form.VALUE
                ? words.get(0)
                : words.stream().collect(Collectors.joining(", ", "[", "]")));
  }

  private static String shown(ScalarNode value) {
    return value.value() instanceof Double number
        ? String.format(Locale.ROOT, "%.4g", number)
        : value.text();
  }
}
