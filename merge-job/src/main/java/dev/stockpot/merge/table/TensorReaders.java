package dev.stockpot.merge.table;

import java.util.List;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.connector.read.InputPartition;
import org.apache.spark.sql.connector.read.PartitionReader;
import org.apache.spark.sql.connector.read.PartitionReaderFactory;

/**
 * Opens tensors in a task.
 *
 * @param chunk elements of a row of values; 0 where a tensor has one row
 */
record TensorReaders(List<Column> columns, int chunk) implements PartitionReaderFactory {
  TensorReaders {
    columns = List.copyOf(columns);
  }

  @Override
  public PartitionReader<InternalRow> createReader(InputPartition partition) {
    return new TensorRows((TensorSplit) partition, columns, chunk);
  }
}
