package dev.stockpot.merge.spark.frames;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.array_repeat;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.concat_ws;
import static org.apache.spark.sql.functions.exp;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.log1p;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.size;
import static org.apache.spark.sql.functions.substring;
import static org.apache.spark.sql.functions.transform;
import static org.apache.spark.sql.functions.when;

import dev.stockpot.merge.UserException;
import dev.stockpot.merge.predict.NamedTable;
import dev.stockpot.merge.predict.Scale;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Samples as lm-evaluation-harness logs them: a line of JSON for each document, with the
 * log-probability of each choice. Choices that a document lacks are impossible there. Where there
 * is one sequence alone, the other class is anything else.
 */
final class Samples {
  private static final String CHOICES = "choices";

  private static final StructType LINES =
      new StructType()
          .add("doc_id", DataTypes.StringType)
          .add("doc_hash", DataTypes.StringType)
          .add("target", DataTypes.StringType)
          .add("filter", DataTypes.StringType)
          .add(
              "filtered_resps",
              DataTypes.createArrayType(DataTypes.createArrayType(DataTypes.StringType)));

  private Samples() {}

  static Frame of(SparkSession session, NamedTable table) {
    Dataset<Row> lines = session.read().schema(LINES).option("mode", "FAILFAST").json(table.path());
    requireOneFilter(table, lines);
    Column first =
        transform(
            col("filtered_resps"),
            reply -> coalesce(reply.getItem(0).cast("double"), lit(Double.NaN)));
    Dataset<Row> choices =
        lines.select(
            concat_ws(":", col("doc_id"), substring(col("doc_hash"), 1, 8)).as(Frame.ID),
            col("target").as(Frame.LABEL),
            first.as(CHOICES));
    int most = most(table, choices);
    boolean isSequence = most == 1;
    Column sequence = col(CHOICES).getItem(0);
    Column scores =
        isSequence
            ? array(sequence, log1p(exp(sequence).multiply(-1)))
            : concat(
                col(CHOICES),
                array_repeat(lit(Double.NEGATIVE_INFINITY), lit(most).minus(size(col(CHOICES)))));
    Column label = isSequence ? lit("0") : col(Frame.LABEL);
    Dataset<Row> rows =
        choices.select(
            col(Frame.ID),
            label.as(Frame.LABEL),
            when(col(CHOICES).isNotNull(), scores).as(Frame.SCORES));
    return new Frame(
        table,
        rows,
        DataTypes.StringType,
        Optional.empty(),
        isSequence ? 2 : most,
        isSequence ? Scale.LOG_PROBABILITIES : Scale.LOGITS);
  }

  private static void requireOneFilter(NamedTable table, Dataset<Row> lines) {
    List<String> filters =
        lines
            .where(col("filter").isNotNull().and(col("filter").notEqual("none")))
            .select("filter")
            .limit(1)
            .collectAsList()
            .stream()
            .map(row -> row.getString(0))
            .toList();
    if (!filters.isEmpty()) {
      throw new UserException(
          "%s has samples behind the filter %s: generated text, not log-probabilities. Samples of multiple-choice and log-likelihood tasks are read"
              .formatted(table, filters.get(0)));
    }
  }

  private static int most(NamedTable table, Dataset<Row> choices) {
    Row most = choices.select(max(size(col(CHOICES)))).first();
    if (most.isNullAt(0) || most.getInt(0) < 1) {
      throw new UserException(
          "%s has no `filtered_resps` with log-probabilities. It must be what lm-evaluation-harness writes under --log_samples"
              .formatted(table));
    }
    return most.getInt(0);
  }
}
