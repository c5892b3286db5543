package dev.stockpot.merge.cli;

import dev.stockpot.merge.run.ScoredPath;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * The points of a path as a table, with a bar for each: what it is worth between worst and best.
 */
final class PathTable {
  private static final int WIDTH = 40;

  private PathTable() {}

  static List<String> lines(List<ScoredPath.Point> points) {
    double[] worths =
        points.stream()
            .filter(point -> point.worth().isPresent())
            .mapToDouble(point -> point.worth().getAsDouble())
            .sorted()
            .toArray();
    List<String> lines = new ArrayList<>();
    lines.add("%-7s %-24s".formatted("t", "score").stripTrailing());
    for (ScoredPath.Point point : points) {
      lines.add(
          String.format(Locale.ROOT, "%-7.4g %-24s %s", point.t(), found(point), bar(point, worths))
              .stripTrailing());
    }
    return lines;
  }

  private static String found(ScoredPath.Point point) {
    if (!point.failure().isEmpty()) {
      return point.failure();
    }
    String measures =
        point.measures().values().stream()
            .map(number -> String.format(Locale.ROOT, "%.6g", number))
            .collect(Collectors.joining(", "));
    return point.error().isPresent()
        ? String.format(Locale.ROOT, "%s ± %.2g", measures, point.error().getAsDouble())
        : measures;
  }

  private static String bar(ScoredPath.Point point, double[] sorted) {
    if (point.worth().isEmpty()) {
      return "";
    }
    double range = sorted[sorted.length - 1] - sorted[0];
    double share = range > 0 ? (point.worth().getAsDouble() - sorted[0]) / range : 1;
    return "#".repeat(1 + (int) Math.round(share * (WIDTH - 1)));
  }
}
