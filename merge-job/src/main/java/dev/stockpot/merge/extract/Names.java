package dev.stockpot.merge.extract;

import java.util.List;

/** Names in a message: the first few, and how many more there are. */
final class Names {
  private static final int MOST = 6;

  private Names() {}

  static String of(List<String> names) {
    String first = String.join(", ", names.subList(0, Math.min(MOST, names.size())));
    return names.size() > MOST ? "%s and %s more".formatted(first, names.size() - MOST) : first;
  }
}
