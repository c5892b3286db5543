package dev.stockpot.merge.spark.frames;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.size;

import dev.stockpot.merge.FirstFew;
import dev.stockpot.merge.UserException;
import dev.stockpot.merge.predict.Columns;
import dev.stockpot.merge.predict.NamedTable;
import dev.stockpot.merge.predict.Scale;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StringType;

/** Finds out what a table of predictions holds, by its columns and its first row. */
final class FrameReader {
  /** What a column of lists says of its scale, by its name. */
  private static final Map<String, Scale> BY_NAME =
      Map.of(
          "logits", Scale.LOGITS,
          "log_probabilities", Scale.LOG_PROBABILITIES,
          "log_probs", Scale.LOG_PROBABILITIES,
          "logprobs", Scale.LOG_PROBABILITIES,
          "probabilities", Scale.PROBABILITIES,
          "probs", Scale.PROBABILITIES);

  private final SparkSession session;
  private final Columns columns;

  FrameReader(SparkSession session, Columns columns) {
    this.session = session;
    this.columns = columns;
  }

  /**
   * Looks at a table.
   *
   * @throws UserException if it cannot be one of predictions
   */
  Frame read(NamedTable table) {
    return Failures.told(
        table,
        () ->
            isSamples(table.path())
                ? Samples.of(session, table)
                : ofColumns(table, stored(table.path())));
  }

  /** The labels of a table that has nothing else: rows without scores. */
  Dataset<Row> labels(NamedTable table) {
    return Failures.told(
        table,
        () -> {
          Dataset<Row> rows = stored(table.path());
          String label = columns.label().orElse(Frame.LABEL);
          require(table, rows, columns.id(), "--id");
          require(table, rows, label, "--label");
          return rows.select(
              quoted(columns.id()).as(Frame.ID),
              quoted(label).as(Frame.LABEL),
              functions.lit(null).cast(Values.FLOATS).as(Frame.SCORES));
        });
  }

  private static boolean isSamples(String path) {
    return path.toLowerCase(Locale.ROOT).matches(".*\\.(jsonl|json)(\\.(gz|zst|bz2))?");
  }

  private Dataset<Row> stored(String path) {
    return path.toLowerCase(Locale.ROOT).matches(".*\\.csv(\\.(gz|zst|bz2))?")
        ? session.read().option("header", "true").option("mode", "FAILFAST").csv(path)
        : session.read().parquet(path);
  }

  private Frame ofColumns(NamedTable table, Dataset<Row> rows) {
    require(table, rows, columns.id(), "--id");
    columns.label().ifPresent(label -> require(table, rows, label, "--label"));
    columns.scores().forEach(score -> require(table, rows, score, "--columns"));
    String label = columns.label().orElse(Frame.LABEL);
    List<String> scores =
        columns.scores().isEmpty() ? scores(table, rows, label) : columns.scores();
    boolean isList = scores.size() == 1 && type(rows, scores.get(0)) instanceof ArrayType;
    Column values =
        isList
            ? Values.list(quoted(scores.get(0)), type(rows, scores.get(0)))
            : array(scores.stream().map(FrameReader::number).toArray(Column[]::new));
    boolean hasLabel = List.of(rows.columns()).contains(label);
    Column said = hasLabel ? quoted(label) : functions.lit(null).cast("string");
    Dataset<Row> plain =
        rows.select(
            quoted(columns.id()).as(Frame.ID), said.as(Frame.LABEL), values.as(Frame.SCORES));
    return new Frame(
        table,
        plain,
        type(rows, columns.id()),
        isList ? Optional.empty() : Optional.of(scores),
        isList ? width(table, plain) : scores.size(),
        scale(table, isList ? scores.get(0) : ""));
  }

  /** A column of lists whose name says what it is, or all that is left. */
  private List<String> scores(NamedTable table, Dataset<Row> rows, String label) {
    List<String> lists = new ArrayList<>();
    List<String> others = new ArrayList<>();
    for (String name : rows.columns()) {
      if (!name.equals(columns.id()) && !name.equals(label)) {
        (type(rows, name) instanceof ArrayType ? lists : others).add(name);
      }
    }
    if (lists.size() == 1) {
      return lists;
    }
    List<String> odd = others.stream().filter(name -> !isNumber(type(rows, name))).toList();
    if (lists.size() > 1 || others.size() < 2 || !odd.isEmpty()) {
      throw new UserException(
          "%s: which of its columns are scores? Beside id and label it has %s. Say it: --columns logits, or a column for each class, --columns cat,dog"
              .formatted(table, FirstFew.of(lists.isEmpty() ? others : lists)));
    }
    return others;
  }

  /** Text is that of CSV, which has nothing else. */
  private static boolean isNumber(DataType type) {
    return type instanceof NumericType || type instanceof StringType;
  }

  private Scale scale(NamedTable table, String list) {
    return columns
        .scale()
        .or(() -> Optional.ofNullable(BY_NAME.get(list)))
        .orElseThrow(
            () ->
                new UserException(
                    "%s: are its scores logits, log-probabilities or probabilities? Say it: --scores logits"
                        .formatted(table)));
  }

  private static int width(NamedTable table, Dataset<Row> rows) {
    List<Row> first =
        rows.where(col(Frame.SCORES).isNotNull())
            .select(size(col(Frame.SCORES)))
            .limit(1)
            .collectAsList();
    if (first.isEmpty()) {
      throw new UserException("%s has no row with scores".formatted(table));
    }
    return first.get(0).getInt(0);
  }

  private static void require(NamedTable table, Dataset<Row> rows, String name, String option) {
    if (!List.of(rows.columns()).contains(name)) {
      throw new UserException(
          "%s has no column `%s`; it has %s. Say which it is: %s"
              .formatted(table, name, FirstFew.of(List.of(rows.columns())), option));
    }
  }

  private static DataType type(Dataset<Row> rows, String name) {
    return rows.schema().apply(name).dataType();
  }

  private static Column number(String name) {
    return functions.coalesce(quoted(name).cast("double"), functions.lit(Double.NaN));
  }

  /** Names may hold dots, which Spark takes for a way into structures. */
  private static Column quoted(String name) {
    return col("`" + name.replace("`", "``") + "`");
  }
}
