package dev.stockpot.merge.predict;

import java.io.Serializable;
import java.util.List;

/** Rows that are written, one an example. */
public interface OutputRows extends Serializable {
  /** Columns behind the id. */
  List<OutputColumn> columns();

  /**
   * Fills a row.
   *
   * @param cells the first is the id and is filled already; numbers as arrays of Java
   */
  void fill(Block block, int row, Object[] cells);
}
