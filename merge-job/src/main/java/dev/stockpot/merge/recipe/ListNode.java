package dev.stockpot.merge.recipe;

import java.util.List;

/** Values in order. */
public record ListNode(List<Node> elements, int line) implements Node {
  public ListNode {
    elements = List.copyOf(elements);
  }
}
