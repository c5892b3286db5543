package dev.stockpot.merge.spark;

import dev.stockpot.merge.Secrets;
import dev.stockpot.merge.engine.TaskPool;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * What the jobs of this thread are called, and how they end. When it is closed, the thread has its
 * own names back.
 */
final class JobLabels implements AutoCloseable {
  private static final String INTERRUPT = "spark.job.interruptOnCancel";
  private static final List<String> KEYS =
      List.of("spark.job.description", "callSite.short", "callSite.long", INTERRUPT);

  private final JavaSparkContext spark;
  private final Map<String, String> before = new LinkedHashMap<>();

  /**
   * @param interruptsTasks whether tasks of a job that is cancelled are interrupted
   */
  JobLabels(JavaSparkContext spark, boolean interruptsTasks) {
    this.spark = spark;
    KEYS.forEach(key -> before.put(key, spark.getLocalProperty(key)));
    if (interruptsTasks) {
      spark.setLocalProperty(INTERRUPT, "true");
    }
  }

  void show(TaskPool.Group<?> group) {
    spark.setJobDescription(Secrets.hidden(group.description()));
    spark.setCallSite(Secrets.hidden(group.name()));
  }

  @Override
  public void close() {
    before.forEach(spark::setLocalProperty); // null takes it away
  }
}
