package dev.stockpot.merge.trial;

import dev.stockpot.merge.choose.Point;
import dev.stockpot.merge.recipe.ListNode;
import dev.stockpot.merge.recipe.MapNode;
import dev.stockpot.merge.recipe.Node;
import dev.stockpot.merge.recipe.ScalarNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The recipe that every soup comes to: a linear merge, normalised, of models with weights. */
final class WeightedModels {
  /** Keys whose values the soup makes. */
  private static final Set<String> MADE = Set.of("merge_method", "models");

  /** Keys by which even a mean of one model is another model. */
  private static final Set<String> CHANGES =
      Set.of("tokenizer", "tokenizer_source", "chat_template", "vocab-tensors");

  private WeightedModels() {}

  /** Whether a point is one of the models as it is. */
  static boolean isOriginal(MapNode rest, Point point) {
    return point.ingredients().size() == 1
        && rest.entries().stream().map(MapNode.Entry::key).noneMatch(CHANGES::contains);
  }

  /** Models with their weights, which are left out where all of them are 1. */
  static String described(Point point, List<String> models) {
    boolean isEven = point.values().stream().allMatch(weight -> weight == 0 || weight == 1);
    return point.ingredients().stream()
        .map(
            model ->
                isEven
                    ? models.get(model)
                    : String.format(
                        Locale.ROOT, "%.3g × %s", point.values().get(model), models.get(model)))
        .collect(Collectors.joining(" + "));
  }

  /** Weights of the ingredients of a point, in their order. */
  static List<Double> weights(Point point) {
    return point.values().stream().filter(weight -> weight != 0).toList();
  }

  /** The recipe of a point: its ingredients, in the order of the models. */
  static Node recipe(MapNode rest, Point point, List<String> models) {
    Map<String, Node> weights = new LinkedHashMap<>();
    for (int model : point.ingredients()) {
      weights.put(models.get(model), ScalarNode.ofNumber(point.values().get(model), 0));
    }
    return recipe(rest, weights);
  }

  /** The recipe of a weighted mean. */
  static Node recipe(MapNode rest, Map<String, Node> weights) {
    return recipe("linear", rest, weights);
  }

  /**
   * The recipe.
   *
   * @param method of the merge
   * @param rest of the recipe, without its models
   * @param weights of the models, in their order: a number, or a list over the layers
   */
  static Node recipe(String method, MapNode rest, Map<String, Node> weights) {
    List<Node> entries = new ArrayList<>();
    weights.forEach(
        (model, weight) ->
            entries.add(
                new MapNode(
                    List.of(
                        new MapNode.Entry("model", 0, ScalarNode.ofText(model, 0)),
                        new MapNode.Entry("parameters", 0, map("weight", weight))),
                    0)));
    List<MapNode.Entry> all = new ArrayList<>();
    all.add(new MapNode.Entry("merge_method", 0, ScalarNode.ofText(method, 0)));
    rest.entries().stream().filter(entry -> !MADE.contains(entry.key())).forEach(all::add);
    all.add(new MapNode.Entry("models", 0, new ListNode(entries, 0)));
    return new MapNode(all, rest.line());
  }

  private static MapNode map(String key, Node value) {
    return new MapNode(List.of(new MapNode.Entry(key, 0, value)), 0);
  }
}
