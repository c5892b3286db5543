package dev.stockpot.merge.trial;

import static java.util.Objects.requireNonNull;

import dev.stockpot.merge.recipe.ListNode;
import dev.stockpot.merge.recipe.MapNode;
import dev.stockpot.merge.recipe.Node;
import dev.stockpot.merge.recipe.ScalarNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Consecutive layers of a model that a stack takes or leaves out.
 *
 * @param model as the recipe names it
 * @param begin first layer
 * @param end layer after the last
 * @param stack which layers are counted, where the recipe says so
 */
record LayerBlock(ScalarNode model, int begin, int end, Optional<ScalarNode> stack) {
  LayerBlock {
    requireNonNull(model, "model is null");
    requireNonNull(stack, "stack is null");
    if (begin < 0 || end <= begin) {
      throw new IllegalArgumentException("layers [%s, %s)".formatted(begin, end));
    }
  }

  String name() {
    return model.text();
  }

  /** What its stack is called; empty where the recipe does not say. */
  String stackWord() {
    return stack.map(ScalarNode::text).orElse("");
  }

  /** Whether another one goes on where this one ends. */
  boolean isFollowedBy(LayerBlock other) {
    return name().equals(other.name())
        && stackWord().equals(other.stackWord())
        && end == other.begin;
  }

  LayerBlock with(LayerBlock following) {
    return new LayerBlock(model, begin, following.end, stack);
  }

  /** A slice of a recipe, of these layers alone. */
  Node slice(Optional<MapNode> parameters) {
    int line = model.line();
    List<Node> range = List.of(ScalarNode.ofNumber(begin, line), ScalarNode.ofNumber(end, line));
    List<MapNode.Entry> entries = new ArrayList<>();
    entries.add(new MapNode.Entry("model", line, model));
    entries.add(new MapNode.Entry("layer_range", line, new ListNode(range, line)));
    stack.ifPresent(word -> entries.add(new MapNode.Entry("stack", line, word)));
    parameters.ifPresent(map -> entries.add(new MapNode.Entry("parameters", line, map)));
    Node source = new MapNode(entries, line);
    return new MapNode(
        List.of(new MapNode.Entry("sources", line, new ListNode(List.of(source), line))), line);
  }

  @Override
  public String toString() {
    return "%s[%s:%s]".formatted(name(), begin, end);
  }
}
