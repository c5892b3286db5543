package dev.stockpot.merge.recipe;

import static java.util.stream.Collectors.joining;

import java.util.List;

/** Values in order. */
public record ListNode(List<Node> elements, int line) implements Node {
  private static final int MOST_SHOWN = 4;

  public ListNode {
    elements = List.copyOf(elements);
  }

  @Override
  public String shown() {
    String more = elements.size() > MOST_SHOWN ? ", …]" : "]";
    return elements.stream().limit(MOST_SHOWN).map(Node::shown).collect(joining(", ", "[", more));
  }
}
