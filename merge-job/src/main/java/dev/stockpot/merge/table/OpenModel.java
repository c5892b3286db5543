package dev.stockpot.merge.table;

import dev.stockpot.merge.storage.ObjectSource;
import java.util.List;

/**
 * A model of a table.
 *
 * @param source reads its files
 * @param rows of its tensors, in natural order
 */
record OpenModel(ObjectSource source, List<TensorRow> rows) {
  OpenModel {
    rows = List.copyOf(rows);
  }
}
