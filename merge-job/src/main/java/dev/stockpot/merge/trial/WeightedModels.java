package dev.stockpot.merge.trial;

import dev.stockpot.merge.recipe.ListNode;
import dev.stockpot.merge.recipe.MapNode;
import dev.stockpot.merge.recipe.Node;
import dev.stockpot.merge.recipe.ScalarNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The recipe that every soup comes to: a linear merge, normalised, of models with weights. */
final class WeightedModels {
  /** Keys whose values the soup makes. */
  private static final Set<String> MADE = Set.of("merge_method", "models");

  private WeightedModels() {}

  /**
   * The recipe.
   *
   * @param rest of the recipe, without its models
   * @param weights of the models, in their order: a number, or a list over the layers
   */
  static Node recipe(MapNode rest, Map<String, Node> weights) {
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
    all.add(new MapNode.Entry("merge_method", 0, ScalarNode.ofText("linear", 0)));
    rest.entries().stream().filter(entry -> !MADE.contains(entry.key())).forEach(all::add);
    all.add(new MapNode.Entry("models", 0, new ListNode(entries, 0)));
    return new MapNode(all, rest.line());
  }

  private static MapNode map(String key, Node value) {
    return new MapNode(List.of(new MapNode.Entry(key, 0, value)), 0);
  }
}
