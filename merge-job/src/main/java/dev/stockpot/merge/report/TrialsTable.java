package dev.stockpot.merge.report;

import static dev.stockpot.merge.report.Table.Type.INTEGER;
import static dev.stockpot.merge.report.Table.Type.REAL;
import static dev.stockpot.merge.report.Table.Type.TEXT;

import dev.stockpot.merge.json.JsonObject;
import dev.stockpot.merge.json.JsonValue;
import dev.stockpot.merge.report.Table.Column;
import java.util.List;
import java.util.OptionalDouble;

/** The trials of a soup or of a search, in their order. */
final class TrialsTable {
  private TrialsTable() {}

  /**
   * The table.
   *
   * @param trials as a manifest has them
   */
  static Table of(List<JsonObject> trials) {
    Table table =
        new Table(
            new Column("number", INTEGER),
            new Column("candidate", TEXT),
            new Column("what", TEXT),
            new Column("worth", REAL),
            new Column("stderr", REAL),
            new Column("budget", INTEGER),
            new Column("front", INTEGER),
            new Column("verdict", TEXT),
            new Column("failure", TEXT),
            new Column("t", REAL));
    for (int i = 0; i < trials.size(); i++) {
      JsonObject trial = trials.get(i);
      table.add(
          i + 1,
          trial.text("candidate"),
          trial.text("what"),
          number(trial, "worth"),
          number(trial, "stderr"),
          trial.integer("budget"),
          trial.get("front").isPresent() ? 1 : null,
          textOf(trial, "verdict"),
          textOf(trial, "failure"),
          number(trial, "t"));
    }
    return table;
  }

  private static OptionalDouble number(JsonObject trial, String field) {
    return trial.get(field).map(JsonValue::number).orElse(OptionalDouble.empty());
  }

  private static String textOf(JsonObject trial, String field) {
    String text = trial.text(field);
    return text.isEmpty() ? null : text;
  }
}
