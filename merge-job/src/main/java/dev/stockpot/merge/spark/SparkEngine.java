package dev.stockpot.merge.spark;

import dev.stockpot.merge.UserException;
import dev.stockpot.merge.engine.MergeEngine;
import dev.stockpot.merge.engine.MergeTasks;
import dev.stockpot.merge.engine.SparkRelease;
import dev.stockpot.merge.engine.TaskEnvironment;
import dev.stockpot.merge.engine.TaskPool;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.resource.ResourceProfile;
import scala.Tuple2;

/** Runs tasks of merges on one Spark, which is ours or that of whoever calls. */
public final class SparkEngine implements MergeEngine {
  private final JavaSparkContext spark;
  private final Runnable end;

  private SparkEngine(JavaSparkContext spark, Runnable end) {
    this.spark = spark;
    this.end = end;
  }

  /**
   * Joins a Spark, which goes on when the engine is closed.
   *
   * @throws UserException if it is too old
   */
  public static SparkEngine on(JavaSparkContext spark) {
    SparkRelease.requireNewEnough(spark.version());
    return new SparkEngine(spark, () -> {});
  }

  /**
   * Starts Spark, or joins the one that runs in this JVM: there can be one only. It stops when the
   * last engine that was started so is closed, unless others started it.
   *
   * @param embeddedTasks tasks at once, where Spark runs inside this JVM and starts now
   */
  public static SparkEngine start(int embeddedTasks) {
    OwnSpark.Lease lease = OwnSpark.lease(embeddedTasks);
    return new SparkEngine(lease.spark(), lease::close);
  }

  /** Whether {@code spark-submit} started this JVM; if nobody did, Spark runs inside of it. */
  public static boolean isSubmitted() {
    return MergeConf.isSubmitted();
  }

  /** Whether tasks on that Spark run in this JVM. */
  public static boolean isHere(JavaSparkContext spark) {
    return spark.isLocal();
  }

  /** What a Spark was configured with, by key. */
  public static Map<String, String> configuration(JavaSparkContext spark) {
    Map<String, String> entries = new HashMap<>();
    for (Tuple2<String, String> entry : spark.getConf().getAll()) {
      entries.put(entry._1(), entry._2());
    }
    return entries;
  }

  /**
   * @throws UserException if a GPU is wanted, and this cluster gives no executors on demand
   */
  @Override
  public MergeTasks begin(TaskEnvironment environment, boolean wantsGpu) {
    Optional<ResourceProfile> profile =
        wantsGpu ? gpuSharedBy(environment.gpu().tasks()) : Optional.empty();
    TaskTotals totals = new TaskTotals();
    spark.sc().register(totals);
    return new MergeTasks(SparkTaskPool.of(spark, profile), environment, new SparkGpu(), totals);
  }

  /**
   * @throws UserException if a GPU is wanted, and this cluster gives no executors on demand
   */
  @Override
  public TaskPool errands(boolean wantsGpu) {
    return SparkTaskPool.ofErrands(spark, wantsGpu ? gpuSharedBy(1) : Optional.empty());
  }

  /** A Spark inside this JVM has what GPU there is. */
  private Optional<ResourceProfile> gpuSharedBy(int tasks) {
    return isSubmitted() || !spark.isLocal()
        ? Optional.of(GpuProfile.sharedBy(tasks, spark))
        : Optional.empty();
  }

  @Override
  public void close() {
    end.run();
  }
}
