package dev.stockpot.merge.spark;

import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.spark.SparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;

/** Knows whether tries of tasks failed that Spark will try again; of all jobs of a Spark. */
final class FailedTries extends SparkListener implements AutoCloseable {
  private final SparkContext spark;
  private final AtomicBoolean isNew = new AtomicBoolean();

  private FailedTries(SparkContext spark) {
    this.spark = spark;
  }

  /** Listens until it is closed. */
  static FailedTries of(SparkContext spark) {
    FailedTries tries = new FailedTries(spark);
    spark.addSparkListener(tries);
    return tries;
  }

  @Override
  public void onTaskEnd(SparkListenerTaskEnd end) {
    if (end.taskInfo().failed()) {
      isNew.set(true);
    }
  }

  /** Whether any failed since it was asked. */
  boolean areNew() {
    return isNew.getAndSet(false);
  }

  @Override
  public void close() {
    spark.removeSparkListener(this);
  }
}
