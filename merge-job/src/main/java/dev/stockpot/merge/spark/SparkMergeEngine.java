package dev.stockpot.merge.spark;

import dev.stockpot.kernels.method.MergeProgram;
import dev.stockpot.kernels.statistic.Statistic;
import dev.stockpot.merge.UserException;
import dev.stockpot.merge.part.PartResult;
import dev.stockpot.merge.part.PartTimes;
import dev.stockpot.merge.plan.MergePlan;
import dev.stockpot.merge.plan.OutputShard;
import dev.stockpot.merge.plan.PartTask;
import dev.stockpot.merge.storage.PartTicket;
import dev.stockpot.merge.storage.StoreRequests;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.resource.ResourceProfile;

/** Runs a merge's tasks on Spark: one task a part, in the order of the plan. */
public final class SparkMergeEngine implements AutoCloseable {
  private final JavaSparkContext spark;
  private final Optional<ResourceProfile> profile;
  private final TaskRunner tasks;

  private SparkMergeEngine(
      JavaSparkContext spark, Optional<ResourceProfile> profile, TaskEnvironment environment) {
    this.spark = spark;
    this.profile = profile;
    this.tasks = new TaskRunner(environment, new TaskTotals());
    spark.sc().register(tasks.totals());
    MergeMetrics.takeRequests(environment.store()); // those of an earlier merge in this JVM
  }

  /** A part and where it goes. */
  private record PartJob(PartTask task, PartTicket ticket) implements Serializable {}

  /** Whether {@code spark-submit} started this JVM; if nobody did, Spark runs inside of it. */
  public static boolean isSubmitted() {
    return MergeConf.isSubmitted();
  }

  /**
   * Starts or joins Spark.
   *
   * @param embeddedTasks tasks at once, where Spark runs inside this JVM
   * @param wantsGpu whether to ask a cluster for executors with a GPU
   */
  public static SparkMergeEngine start(
      int embeddedTasks, boolean wantsGpu, TaskEnvironment environment) {
    JavaSparkContext spark = new JavaSparkContext(MergeConf.of(embeddedTasks));
    try {
      Optional<ResourceProfile> profile =
          wantsGpu && isSubmitted()
              ? Optional.of(GpuProfile.sharedBy(environment.gpu().tasks(), spark))
              : Optional.empty();
      return new SparkMergeEngine(spark, profile, environment);
    } catch (UserException e) {
      spark.close();
      throw e;
    }
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
    TaskRunner runs = this.tasks;
    new SparkJob<ScanTask, Statistic>(spark, profile)
        .run(
            List.of(StageNames.scan(tasks)),
            task -> runs.run(task.name(), runner -> runner.scan(task.slices())),
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
    List<SparkJob.Group<PartJob>> groups = new ArrayList<>();
    Map<Integer, ShardLog> logs = new HashMap<>();
    for (List<PartTask> parts : byShard(plan)) {
      OutputShard shard = plan.shards().get(parts.get(0).shard());
      List<PartJob> jobs =
          parts.stream().map(task -> new PartJob(task, ticket.apply(task))).toList();
      groups.add(StageNames.merge(shard, jobs));
      logs.put(parts.get(0).shard(), new ShardLog(shard.file(), jobs.size()));
    }
    TaskRunner runs = tasks;
    new SparkJob<PartJob, PartResult>(spark, profile)
        .run(
            groups,
            job ->
                runs.run(
                    "part %s of shard %s".formatted(job.task().number(), job.task().shard() + 1),
                    job.task().memory(),
                    runner -> runner.run(job.task(), job.ticket())),
            (place, part) -> {
              finished.accept(part);
              logs.get(part.shard()).finished(part);
            });
  }

  /** A job for each shard, the one with the largest part first; in each the largest part first. */
  private static Collection<List<PartTask>> byShard(MergePlan plan) {
    Map<Integer, List<PartTask>> shards = new LinkedHashMap<>();
    for (PartTask part : plan.parts()) {
      shards.computeIfAbsent(part.shard(), any -> new ArrayList<>()).add(part);
    }
    return shards.values();
  }

  /** What all tasks did so far, and the requests of this JVM beside them. */
  public MergeTotals totals() {
    StoreRequests beside = MergeMetrics.takeRequests(tasks.environment().store());
    return tasks.totals().value().plus(new MergeTotals(0, PartTimes.NONE, beside));
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
