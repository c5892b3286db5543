package dev.stockpot.merge.evaluate;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads results from CSV: a line of names and one of numbers, or lines of a name and a number. */
final class CsvResults {
  private CsvResults() {}

  static Map<String, Measure> read(String name, String text) throws EvaluationException {
    List<List<String>> rows = new ArrayList<>();
    for (String line : text.lines().filter(any -> !any.isBlank()).toList()) {
      rows.add(List.of(line.split("\\s*,\\s*", -1)));
    }
    boolean isWide = rows.size() == 2 && rows.get(0).stream().noneMatch(CsvResults::isNumber);
    Map<String, Measure> found = new LinkedHashMap<>();
    if (isWide && rows.get(0).size() == rows.get(1).size()) {
      for (int i = 0; i < rows.get(0).size(); i++) {
        add(rows.get(0).get(i), rows.get(1).get(i), name, found);
      }
    } else {
      for (List<String> row : rows) {
        if (row.size() != 2) {
          throw new EvaluationException(
              "%s has a line of %s values; write names and numbers in two lines, or a name and a number a line"
                  .formatted(name, row.size()));
        }
        if (row != rows.get(0) || isNumber(row.get(1))) { // the first may be a heading
          add(row.get(0), row.get(1), name, found);
        }
      }
    }
    if (found.isEmpty()) {
      throw new EvaluationException("%s has no number in it".formatted(name));
    }
    return found;
  }

  private static void add(String metric, String number, String file, Map<String, Measure> found)
      throws EvaluationException {
    boolean isUnknownError = metric.strip().endsWith(Results.ERROR) && Results.isNoNumber(number);
    if (isNumber(number) && !isUnknownError) { // which there is not where all examples are alike
      found.put(metric.strip(), Measure.of(Results.number(number, metric + " in " + file)));
    }
  }

  private static boolean isNumber(String text) {
    try {
      return Results.isNoNumber(text) || !Double.isNaN(Double.parseDouble(text));
    } catch (NumberFormatException e) {
      return false;
    }
  }
}
