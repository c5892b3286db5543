package dev.stockpot.merge.recipe;

/**
 * A value as somebody wrote it, in YAML or HOCON alike, with the line it came from. Parts may be
 * shared: a YAML alias is the node of its anchor.
 */
public sealed interface Node permits ScalarNode, ListNode, MapNode {

  /** Where it starts, counted from 1; 0 where that is not known. */
  int line();
}
