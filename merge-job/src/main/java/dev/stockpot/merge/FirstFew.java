package dev.stockpot.merge;

import java.util.Collection;

/** Names in a message: the first few, and how many more there are. */
public final class FirstFew {
  private static final int MOST = 5;

  private FirstFew() {}

  /** As {@code a, b, c, d, e and 12 more}. */
  public static String of(Collection<String> names) {
    String first = String.join(", ", names.stream().limit(MOST).toList());
    return names.size() > MOST ? "%s and %s more".formatted(first, names.size() - MOST) : first;
  }
}
