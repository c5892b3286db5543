package dev.stockpot.merge.spark.frames;

import dev.stockpot.merge.predict.Block;
import dev.stockpot.merge.predict.Findings;
import dev.stockpot.merge.predict.OutputColumn;
import dev.stockpot.merge.predict.OutputRows;
import dev.stockpot.merge.predict.Passes;
import dev.stockpot.merge.predict.RowSums;
import dev.stockpot.merge.predict.Tables;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Tables of predictions, joined by example; kept on the executors' disks until it is closed. */
public final class Joined implements Passes, AutoCloseable {
  private final SparkSession session;
  private final JavaRDD<Block> blocks;
  private final Tables tables;
  private final List<String> classes;
  private final DataType idType;
  private final Findings findings;

  Joined(
      SparkSession session,
      JavaRDD<Block> blocks,
      Tables tables,
      List<String> classes,
      DataType idType,
      Findings findings) {
    this.session = session;
    this.blocks = blocks;
    this.tables = tables;
    this.classes = List.copyOf(classes);
    this.idType = idType;
    this.findings = findings;
  }

  /** What is joined. */
  public Tables tables() {
    return tables;
  }

  /** Names of the classes; none where only their number is known. */
  public List<String> classes() {
    return classes;
  }

  /** How much it is. */
  public Findings findings() {
    return findings;
  }

  @Override
  public double[] over(RowSums sums) {
    return Failures.told("What is joined", () -> new BlockPasses(blocks).over(sums));
  }

  /**
   * Writes a row an example as Parquet, in the order of the buckets.
   *
   * @param folder new, as Spark writes it
   */
  public void write(OutputRows rows, String folder) {
    StructType type = new StructType().add(Frame.ID, DataTypes.StringType, false);
    for (OutputColumn column : rows.columns()) {
      type = type.add(column.name(), type(column.kind()), column.isOptional());
    }
    JavaRDD<Row> made = blocks.mapPartitions(inside -> rows(inside, rows), true);
    Dataset<Row> frame = session.createDataFrame(made, type);
    Failures.told(
        folder,
        () -> {
          frame
              .withColumn(Frame.ID, functions.col(Frame.ID).cast(idType))
              .write()
              .option("compression", "zstd")
              .parquet(folder);
          return folder;
        });
  }

  private static Iterator<Row> rows(Iterator<Block> blocks, OutputRows rows) {
    return new Iterator<>() {
      private Iterator<Row> open = List.<Row>of().iterator();

      @Override
      public boolean hasNext() {
        while (!open.hasNext() && blocks.hasNext()) {
          open = rows(blocks.next(), rows).iterator();
        }
        return open.hasNext();
      }

      @Override
      public Row next() {
        return open.next();
      }
    };
  }

  private static List<Row> rows(Block block, OutputRows rows) {
    List<Row> made = new ArrayList<>(block.rows());
    for (int row = 0; row < block.rows(); row++) {
      Object[] cells = new Object[rows.columns().size() + 1];
      cells[0] = block.id(row);
      rows.fill(block, row, cells);
      made.add(RowFactory.create(cells));
    }
    return made;
  }

  private static DataType type(OutputColumn.Kind kind) {
    return switch (kind) {
      case WHOLE -> DataTypes.IntegerType;
      case NUMBER -> DataTypes.DoubleType;
      case NUMBERS -> DataTypes.createArrayType(DataTypes.DoubleType, false);
      case WHOLES -> DataTypes.createArrayType(DataTypes.IntegerType, false);
    };
  }

  /** Gives the disks back. */
  @Override
  public void close() {
    blocks.unpersist();
  }
}
