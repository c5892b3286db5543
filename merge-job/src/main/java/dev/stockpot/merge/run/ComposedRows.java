package dev.stockpot.merge.run;

import dev.stockpot.merge.compose.Composed;
import dev.stockpot.merge.compose.ComposedTensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** The table of what rules put together, with one row for tensors that differ in numbers alone. */
final class ComposedRows {
  private static final Pattern NUMBER = Pattern.compile("(?<=\\.)\\d+(?=\\.)");
  private static final String ANY = "*";

  private ComposedRows() {}

  private record Row(String name, String shape, String origin) {}

  static List<PlannedMerge.Composed> of(Composed composed) {
    Map<Row, List<ComposedTensor>> rows = new LinkedHashMap<>();
    for (ComposedTensor tensor : composed.table()) {
      String shape = "%s %s".formatted(tensor.dtype(), tensor.shape());
      rows.computeIfAbsent(
              new Row(starred(tensor.name()), shape, starred(tensor.origin())),
              any -> new ArrayList<>())
          .add(tensor);
    }
    List<PlannedMerge.Composed> table = new ArrayList<>();
    rows.forEach(
        (row, tensors) ->
            table.add(
                tensors.size() == 1
                    ? new PlannedMerge.Composed(
                        tensors.get(0).name(), 1, row.shape(), tensors.get(0).origin())
                    : new PlannedMerge.Composed(
                        row.name(), tensors.size(), row.shape(), row.origin())));
    Map<String, Integer> leftOut = new LinkedHashMap<>();
    composed.leftOut().forEach(name -> leftOut.merge(starred(name), 1, Integer::sum));
    leftOut.forEach(
        (name, count) -> table.add(new PlannedMerge.Composed("", count, "left out", name)));
    return table;
  }

  private static String starred(String text) {
    return NUMBER.matcher(text).replaceAll(ANY);
  }
}
