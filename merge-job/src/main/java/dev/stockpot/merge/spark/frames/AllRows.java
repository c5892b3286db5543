package dev.stockpot.merge.spark.frames;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import dev.stockpot.merge.predict.Block;
import dev.stockpot.merge.predict.JoinedBlocks;
import dev.stockpot.merge.predict.PredictionRow;
import dev.stockpot.merge.predict.Tables;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.storage.StorageLevel;

/**
 * Rows of all tables, one table below the other. Most of the time goes into moving and sorting
 * these, so ids and scores stay as small as the tables have them.
 *
 * @param areNumbers whether ids are numbers of few digits, and not text
 * @param areFloats whether scores are float32, and not float64
 */
record AllRows(Dataset<Row> rows, boolean areNumbers, boolean areFloats) {
  private static final String TABLE = "table";

  /**
   * One below the other.
   *
   * @param tables each with id, label and scores
   * @param ids of each
   * @param classes by which labels are looked up
   */
  static AllRows of(List<Dataset<Row>> tables, List<ExampleIds> ids, List<String> classes) {
    boolean areNumbers =
        tables.size() <= ExampleIds.MOST_TABLES && ids.stream().allMatch(ExampleIds::areShort);
    boolean areFloats = tables.stream().allMatch(rows -> Values.isFloats(type(rows, Frame.SCORES)));
    Dataset<Row> all = null;
    for (int table = 0; table < tables.size(); table++) {
      Dataset<Row> rows = tables.get(table);
      Column label = Values.place(col(Frame.LABEL), type(rows, Frame.LABEL), classes);
      Column scores = col(Frame.SCORES).cast(areFloats ? Values.FLOATS : Values.DOUBLES);
      Dataset<Row> plain =
          rows.select(
              col(Frame.ID).cast(areNumbers ? "long" : "string").as(Frame.ID),
              lit(table).as(TABLE),
              label.as(Frame.LABEL),
              scores.as(Frame.SCORES));
      all = all == null ? plain : all.union(plain);
    }
    return new AllRows(all, areNumbers, areFloats);
  }

  private static DataType type(Dataset<Row> rows, String column) {
    return rows.schema().apply(column).dataType();
  }

  /** Joined, in buckets; kept on the executors' disks. */
  JavaRDD<Block> blocks(int buckets, Tables tables) {
    Column id = col(Frame.ID);
    Column scores = col(Frame.SCORES);
    Column none = lit(PredictionRow.NO_NUMBER);
    Dataset<Row> spread = rows.repartition(buckets, id.cast("string"));
    Dataset<Row> sorted =
        areNumbers
            ? spread.sortWithinPartitions(ExampleIds.key(id, col(TABLE)))
            : spread.sortWithinPartitions(id, col(TABLE));
    return sorted
        .select(
            (areNumbers ? lit(null).cast("string") : id).as("id"),
            (areNumbers ? coalesce(id, none) : none).as("number"),
            col(TABLE),
            col(Frame.LABEL),
            (areFloats ? lit(null).cast(Values.DOUBLES) : scores).as("scores"),
            (areFloats ? scores : lit(null).cast(Values.FLOATS)).as("floats"))
        .as(Encoders.bean(PredictionRow.class))
        .toJavaRDD()
        .<Block>mapPartitions(inside -> new JoinedBlocks(inside, tables))
        .persist(StorageLevel.DISK_ONLY());
  }
}
