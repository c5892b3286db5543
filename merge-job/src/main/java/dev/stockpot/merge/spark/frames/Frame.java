package dev.stockpot.merge.spark.frames;

import dev.stockpot.merge.predict.NamedTable;
import dev.stockpot.merge.predict.Scale;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataType;

/**
 * A table of predictions that was looked at.
 *
 * @param rows with columns {@code id} and {@code label}, as the table has them, and {@code scores},
 *     of float64, or of float32 if the table has a list of such
 * @param idType that ids had
 * @param classes their names; empty where only their number is known
 * @param width how many classes
 */
record Frame(
    NamedTable table,
    Dataset<Row> rows,
    DataType idType,
    Optional<List<String>> classes,
    int width,
    Scale scale) {
  static final String ID = "id";
  static final String LABEL = "label";
  static final String SCORES = "scores";
}
