package dev.stockpot.merge.spark;

import dev.stockpot.merge.engine.MergeTotals;
import dev.stockpot.merge.engine.TotalsSum;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.spark.util.AccumulatorV2;

/** Adds up on the driver what tasks did. Spark counts a task once, however often it was tried. */
final class TaskTotals extends AccumulatorV2<MergeTotals, MergeTotals> implements TotalsSum {
  private static final long serialVersionUID = 1;

  private static final AtomicReference<MergeTotals> OF_ALL =
      new AtomicReference<>(MergeTotals.NONE);

  private MergeTotals sum = MergeTotals.NONE;

  @Override
  public boolean isZero() {
    return sum.equals(MergeTotals.NONE);
  }

  @Override
  public TaskTotals copy() {
    TaskTotals copy = new TaskTotals();
    copy.sum = sum;
    return copy;
  }

  @Override
  public void reset() {
    sum = MergeTotals.NONE;
  }

  @Override
  public void add(MergeTotals task) {
    sum = sum.plus(task);
  }

  @Override
  public void merge(AccumulatorV2<MergeTotals, MergeTotals> other) {
    sum = sum.plus(other.value());
    OF_ALL.accumulateAndGet(other.value(), MergeTotals::plus);
  }

  /** What the tasks of all merges did since this driver started, wherever they ran. */
  static MergeTotals ofAll() {
    return OF_ALL.get();
  }

  @Override
  public MergeTotals value() {
    return sum;
  }
}
