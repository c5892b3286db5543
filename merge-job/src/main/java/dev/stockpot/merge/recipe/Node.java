package dev.stockpot.merge.recipe;

import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * A value as somebody wrote it, in YAML or HOCON alike, with the line it came from. Parts may be
 * shared: a YAML alias is the node of its anchor.
 */
public sealed interface Node permits ScalarNode, ListNode, MapNode {

  /** Where it starts, counted from 1; 0 where that is not known. */
  int line();

  /** How it is spelled, short enough for a message. */
  String shown();

  /**
   * A single value.
   *
   * @param value a {@link String}, {@link Double} or {@link Boolean}, or null
   * @param text how it is spelled
   */
  static Node scalar(Object value, String text, int line) {
    return new ScalarNode(value, text, line);
  }

  /** Values in order. */
  static Node list(List<Node> elements, int line) {
    return new ListNode(elements, line);
  }

  /**
   * Values by key, each key on the line of its value.
   *
   * @param entries in the order in which they were written
   */
  static Node map(Collection<Map.Entry<String, Node>> entries, int line) {
    return new MapNode(
        entries.stream()
            .map(
                entry ->
                    new MapNode.Entry(entry.getKey(), entry.getValue().line(), entry.getValue()))
            .toList(),
        line);
  }
}
