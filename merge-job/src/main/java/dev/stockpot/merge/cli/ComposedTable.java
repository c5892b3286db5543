package dev.stockpot.merge.cli;

import dev.stockpot.merge.run.PlannedMerge;
import java.io.PrintWriter;
import java.util.List;

/** Prints what rules put together: every tensor of the output, and what it is made of. */
final class ComposedTable {
  private ComposedTable() {}

  static void print(List<PlannedMerge.Composed> rows, PrintWriter out) {
    int names = width(rows.stream().map(ComposedTable::name).toList(), "Tensor");
    int shapes = width(rows.stream().map(PlannedMerge.Composed::shape).toList(), "shape");
    String row = "%-" + names + "s  %-" + shapes + "s  %s";
    out.println(row.formatted("Tensor", "shape", "made of"));
    for (PlannedMerge.Composed each : rows) {
      out.println(row.formatted(name(each), each.shape(), each.origin()));
    }
  }

  private static String name(PlannedMerge.Composed row) {
    String name = row.name().isEmpty() ? "-" : row.name();
    return row.count() == 1 ? name : "%s (%s)".formatted(name, row.count());
  }

  private static int width(List<String> cells, String heading) {
    return cells.stream().mapToInt(String::length).reduce(heading.length(), Math::max);
  }
}
