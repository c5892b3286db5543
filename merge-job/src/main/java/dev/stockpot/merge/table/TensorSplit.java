package dev.stockpot.merge.table;

import dev.stockpot.merge.storage.ObjectSource;
import java.util.List;
import org.apache.spark.sql.connector.read.InputPartition;

/** Tensors of one task. */
record TensorSplit(ObjectSource source, List<TensorRow> rows) implements InputPartition {
  TensorSplit {
    rows = List.copyOf(rows);
  }
}
