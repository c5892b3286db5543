package dev.stockpot.merge.spark;

import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkContext$;
import org.apache.spark.api.java.JavaSparkContext;
import scala.Option;

/**
 * The Spark of this JVM, of which there can be one only, for all who do without one of their own.
 * It stops with the last of them, if it was started for them.
 */
final class OwnSpark {
  private static JavaSparkContext started;
  private static int leases;

  private OwnSpark() {}

  /** Until it is closed, Spark runs. */
  static final class Lease implements AutoCloseable {
    private final JavaSparkContext spark;
    private final AtomicBoolean isOver = new AtomicBoolean();

    private Lease(JavaSparkContext spark) {
      this.spark = spark;
    }

    JavaSparkContext spark() {
      return spark;
    }

    @Override
    public void close() {
      if (isOver.compareAndSet(false, true)) {
        giveBack(spark);
      }
    }
  }

  /**
   * Starts Spark, or joins it.
   *
   * @param embeddedTasks tasks at once, where Spark runs inside this JVM and starts now
   */
  static synchronized Lease lease(int embeddedTasks) {
    if (started == null || started.sc().isStopped()) {
      Option<SparkContext> running = SparkContext$.MODULE$.getActive();
      if (running.isDefined()) { // of others, who will stop it
        return new Lease(new JavaSparkContext(running.get()));
      }
      SparkConf conf = MergeConf.of(embeddedTasks);
      if (!MergeConf.isSubmitted()) {
        LocalDirs.requireOne(System.getenv(), conf);
        LocalDirs.redirect(System.getenv(), conf);
      }
      started = new JavaSparkContext(conf);
      leases = 0;
    }
    leases++;
    return new Lease(started);
  }

  /** Whoever stopped a merge knows that its tasks end: a Spark of ours need not tell. */
  static synchronized void hush(JavaSparkContext spark) {
    if (spark == started && !MergeConf.isSubmitted()) {
      spark.setLogLevel("OFF");
    }
  }

  private static synchronized void giveBack(JavaSparkContext spark) {
    if (spark == started && --leases == 0) {
      boolean isInterrupted = Thread.interrupted(); // Spark waits for its own threads to end
      started.close();
      started = null;
      if (isInterrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
