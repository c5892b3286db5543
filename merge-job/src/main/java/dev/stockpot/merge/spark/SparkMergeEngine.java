package dev.stockpot.merge.spark;

import dev.stockpot.kernels.Statistic;
import dev.stockpot.kernels.method.MergeProgram;
import dev.stockpot.merge.part.PartResult;
import dev.stockpot.merge.plan.MergePlan;
import dev.stockpot.merge.plan.PartTask;
import dev.stockpot.merge.storage.PartTicket;
import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import java.util.function.Function;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;

/** Runs a merge's tasks on Spark: one task a part, in the order of the plan. */
public final class SparkMergeEngine implements AutoCloseable {
  /** Tries of one task; as many as Spark's own default on a cluster. */
  private static final int TRIES = 4;

  private final JavaSparkContext spark;
  private final TaskEnvironment environment;

  private SparkMergeEngine(JavaSparkContext spark, TaskEnvironment environment) {
    this.spark = spark;
    this.environment = environment;
  }

  /** A part and where it goes. */
  private record PartJob(PartTask task, PartTicket ticket) implements Serializable {}

  /** Whether {@code spark-submit} started this JVM; if nobody did, Spark runs inside of it. */
  public static boolean isSubmitted() {
    return new SparkConf().contains("spark.master");
  }

  /**
   * Starts or joins Spark.
   *
   * @param embeddedTasks tasks at once, where Spark runs inside this JVM
   */
  public static SparkMergeEngine start(int embeddedTasks, TaskEnvironment environment) {
    SparkConf conf = new SparkConf();
    if (!isSubmitted()) {
      conf.setMaster("local[%s,%s]".formatted(embeddedTasks, TRIES))
          .set("spark.ui.enabled", "false")
          .set("spark.driver.host", "127.0.0.1")
          .set("spark.driver.bindAddress", "127.0.0.1");
    }
    conf.setIfMissing("spark.app.name", "stockpot");
    // Kryo, the serializer of many clusters, cannot make records
    conf.set("spark.serializer", "org.apache.spark.serializer.JavaSerializer");
    return new SparkMergeEngine(new JavaSparkContext(conf), environment);
  }

  public String sparkVersion() {
    return spark.version();
  }

  /**
   * Scans the tensors that one task cannot scan until none of their programs asks for more.
   *
   * @return the plan, knowing what was found
   */
  public MergePlan scan(MergePlan plan) throws IOException {
    MergePlan known = plan;
    while (known.scans().stream().anyMatch(ScanTask::isWanted)) {
      known = known.knowing(scanOnce(known));
    }
    return known;
  }

  private List<MergeProgram> scanOnce(MergePlan plan) throws IOException {
    List<ScanTask> tasks = ScanTask.of(plan);
    Statistic[] found = new Statistic[tasks.size()];
    TaskEnvironment tasksEnvironment = environment;
    new SparkJob<ScanTask, Statistic>(spark, "Scan in %s tasks".formatted(tasks.size()))
        .run(
            tasks,
            task -> tasksEnvironment.run(task.name(), runner -> runner.scan(task.slices())),
            (place, statistic) -> found[place] = statistic);
    return Findings.refine(plan.scans(), tasks, List.of(found));
  }

  /**
   * Makes all parts of a plan.
   *
   * @param ticket where each part goes
   * @param finished takes each part on the calling thread, in the order in which they finish
   */
  public void make(MergePlan plan, Function<PartTask, PartTicket> ticket, FinishedPart finished)
      throws IOException {
    List<PartJob> jobs =
        plan.parts().stream().map(task -> new PartJob(task, ticket.apply(task))).toList();
    TaskEnvironment tasksEnvironment = environment;
    new SparkJob<PartJob, PartResult>(spark, "Merge %s parts".formatted(jobs.size()))
        .run(
            jobs,
            job ->
                tasksEnvironment.run(
                    "part %s of shard %s".formatted(job.task().number(), job.task().shard() + 1),
                    runner -> runner.run(job.task(), job.ticket())),
            (place, result) -> finished.accept(result));
  }

  /** Takes finished parts. */
  @FunctionalInterface
  public interface FinishedPart {
    void accept(PartResult result) throws IOException;
  }

  @Override
  public void close() {
    spark.close();
  }
}
