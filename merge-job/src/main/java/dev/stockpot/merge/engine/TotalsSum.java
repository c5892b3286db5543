package dev.stockpot.merge.engine;

import java.io.Serializable;

/** Adds up what the tasks of one merge did. It is sent to tasks; what they add arrives here. */
public interface TotalsSum extends Serializable {
  void add(MergeTotals ofTask);

  MergeTotals value();
}
