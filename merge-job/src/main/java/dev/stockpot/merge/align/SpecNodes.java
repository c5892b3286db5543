package dev.stockpot.merge.align;

import dev.stockpot.merge.recipe.ListNode;
import dev.stockpot.merge.recipe.MapNode;
import dev.stockpot.merge.recipe.Node;
import dev.stockpot.merge.recipe.Problems;
import dev.stockpot.merge.recipe.ScalarNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What stands in a spec, by its keys. */
record SpecNodes(Problems problems) {

  /** Notes keys that nobody knows: one that is ignored is one that somebody believes in. */
  void requireKeys(MapNode map, Set<String> known, String owner) {
    for (MapNode.Entry entry : map.entries()) {
      problems.addIf(
          !known.contains(entry.key()),
          entry.line(),
          "%s has no key `%s`; it may have %s"
              .formatted(owner, entry.key(), String.join(", ", known.stream().sorted().toList())));
    }
  }

  static List<MapNode.Entry> entries(MapNode map, String key) {
    return map.entry(key)
        .map(MapNode.Entry::value)
        .filter(MapNode.class::isInstance)
        .map(value -> ((MapNode) value).entries())
        .orElse(List.of());
  }

  static List<Node> elements(MapNode map, String key) {
    Optional<Node> value = map.entry(key).map(MapNode.Entry::value);
    if (value.isEmpty()) {
      return List.of();
    }
    return value.get() instanceof ListNode list ? list.elements() : List.of(value.get());
  }

  /** A word, or a list of them. */
  List<String> words(MapNode map, String key) {
    List<String> words = new ArrayList<>();
    for (Node node : elements(map, key)) {
      if (node instanceof ScalarNode scalar) {
        words.add(scalar.text());
      } else {
        problems.add(node.line(), "`%s` is %s, must be a word".formatted(key, node.shown()));
      }
    }
    return words;
  }
}
