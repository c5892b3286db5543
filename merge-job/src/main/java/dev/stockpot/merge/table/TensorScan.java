package dev.stockpot.merge.table;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.apache.spark.sql.connector.metric.CustomMetric;
import org.apache.spark.sql.connector.read.Batch;
import org.apache.spark.sql.connector.read.InputPartition;
import org.apache.spark.sql.connector.read.PartitionReaderFactory;
import org.apache.spark.sql.connector.read.Scan;
import org.apache.spark.sql.connector.read.Statistics;
import org.apache.spark.sql.connector.read.SupportsReportStatistics;
import org.apache.spark.sql.types.StructType;

/** Reads what a query wants of a table. */
final class TensorScan implements Scan, Batch, SupportsReportStatistics {
  /** Bytes of a task; a tensor is read by one task. */
  private static final long TASK_BYTES = 128L << 20;

  private final List<Column> columns;
  private final ReadOptions options;
  private final List<OpenModel> models;

  TensorScan(List<Column> columns, ReadOptions options, List<OpenModel> models) {
    this.columns = List.copyOf(columns);
    this.options = options;
    this.models = List.copyOf(models);
  }

  /** Whether it has a row for each chunk of a tensor. */
  private boolean hasChunks() {
    return options.groups().contains(Column.Group.VALUES);
  }

  private boolean readsBytes() {
    return columns.stream().anyMatch(column -> column.group() != Column.Group.HEADER);
  }

  @Override
  public StructType readSchema() {
    StructType all = Column.schema(options.groups());
    return new StructType(
        columns.stream()
            .map(column -> all.apply(column.word()))
            .toArray(org.apache.spark.sql.types.StructField[]::new));
  }

  @Override
  public String description() {
    return "safetensors %s".formatted(options.models());
  }

  @Override
  public Batch toBatch() {
    return this;
  }

  @Override
  public InputPartition[] planInputPartitions() {
    List<TensorSplit> splits = new ArrayList<>();
    for (OpenModel model : models) {
      List<TensorRow> together = new ArrayList<>();
      long bytes = 0;
      for (TensorRow row : model.rows()) {
        long more = readsBytes() ? row.tensor().bytes().length() : 0;
        if (!together.isEmpty() && bytes + more > TASK_BYTES) {
          splits.add(new TensorSplit(model.source(), together));
          together = new ArrayList<>();
          bytes = 0;
        }
        together.add(row);
        bytes += more;
      }
      if (!together.isEmpty()) {
        splits.add(new TensorSplit(model.source(), together));
      }
    }
    return splits.toArray(new InputPartition[0]);
  }

  @Override
  public PartitionReaderFactory createReaderFactory() {
    return new TensorReaders(columns, hasChunks() ? options.chunk() : 0);
  }

  @Override
  public CustomMetric[] supportedCustomMetrics() {
    return new CustomMetric[] {new BytesRead()};
  }

  @Override
  public Statistics estimateStatistics() {
    long rows = models.stream().mapToLong(model -> model.rows().size()).sum();
    long bytes =
        models.stream()
            .flatMap(model -> model.rows().stream())
            .mapToLong(row -> row.tensor().bytes().length())
            .sum();
    return new Statistics() {
      @Override
      public OptionalLong sizeInBytes() {
        return OptionalLong.of(hasChunks() ? 2 * bytes : 200 * rows);
      }

      @Override
      public OptionalLong numRows() {
        return hasChunks() ? OptionalLong.empty() : OptionalLong.of(rows);
      }
    };
  }
}
