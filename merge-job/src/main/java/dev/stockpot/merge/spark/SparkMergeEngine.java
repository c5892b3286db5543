package dev.stockpot.merge.spark;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;

import dev.stockpot.kernels.statistic.Statistic;
import dev.stockpot.merge.UserException;
import dev.stockpot.merge.part.PartResult;
import dev.stockpot.merge.part.PartTimes;
import dev.stockpot.merge.plan.MergePlan;
import dev.stockpot.merge.plan.PartTask;
import dev.stockpot.merge.plan.ScanPlan;
import dev.stockpot.merge.plan.TensorWork;
import dev.stockpot.merge.storage.PartTicket;
import dev.stockpot.merge.storage.StoreRequests;
import java.io.IOException;
import java.util.ArrayList;
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
   * Scans what one task cannot scan until no work asks for more.
   *
   * @return the plan, knowing what was found
   */
  public MergePlan scan(MergePlan plan) throws IOException {
    return scanAll(List.of(plan)).get(0);
  }

  /** The same for several merges: what they look at alike is read once. */
  public List<MergePlan> scanAll(List<MergePlan> plans) throws IOException {
    List<MergePlan> known = plans;
    while (known.stream().anyMatch(plan -> plan.scanPlan().isWanted())) {
      List<List<TensorWork>> refined = scanOnce(known.stream().map(MergePlan::scanPlan).toList());
      List<MergePlan> next = new ArrayList<>();
      for (int i = 0; i < known.size(); i++) {
        next.add(known.get(i).knowing(refined.get(i)));
      }
      known = next;
    }
    return known;
  }

  /**
   * Looks at what is to be looked at and not made.
   *
   * @return the plan, knowing what was found
   */
  public ScanPlan look(ScanPlan plan) throws IOException {
    ScanPlan known = plan;
    while (known.isWanted()) {
      known = known.knowing(scanOnce(List.of(known)).get(0));
    }
    return known;
  }

  /** The works of each plan, knowing what was found for each. */
  private List<List<TensorWork>> scanOnce(List<ScanPlan> plans) throws IOException {
    List<List<ScanTask>> tasks = plans.stream().map(ScanTask::of).toList();
    List<List<ScanBundle.Member>> members = ScanBundle.of(tasks);
    List<ScanBundle> bundles =
        members.stream()
            .map(
                bundle ->
                    new ScanBundle(
                        bundle.stream()
                            .map(member -> tasks.get(member.merge()).get(member.task()).slices())
                            .toList()))
            .toList();
    List<Statistic[]> found = new ArrayList<>();
    tasks.forEach(ofMerge -> found.add(new Statistic[ofMerge.size()]));
    TaskRunner runs = this.tasks;
    new SparkJob<ScanBundle, List<Statistic>>(spark, profile)
        .run(
            List.of(StageNames.scan(bundles)),
            bundle -> runs.run(bundle.name(), runner -> runner.scanAll(bundle.merges())),
            (place, statistics) -> {
              for (int i = 0; i < statistics.size(); i++) {
                ScanBundle.Member member = members.get(place).get(i);
                found.get(member.merge())[member.task()] = statistics.get(i);
              }
            });
    List<List<TensorWork>> refined = new ArrayList<>();
    for (int i = 0; i < plans.size(); i++) {
      refined.add(Findings.refine(plans.get(i), tasks.get(i), List.of(found.get(i))));
    }
    return refined;
  }

  /**
   * Makes all parts of a plan.
   *
   * @param ticket where each part goes
   * @param finished takes each part on the calling thread, in the order in which they finish
   */
  public void make(MergePlan plan, Function<PartTask, PartTicket> ticket, FinishedPart finished)
      throws IOException {
    makeAll(
        List.of(plan),
        (merge, task) -> ticket.apply(task),
        (merge, result) -> finished.accept(result));
  }

  /**
   * Makes all parts of several merges. Parts that are made of the same are made by one task, which
   * reads that once.
   *
   * @param tickets where each part goes
   * @param finished takes each part on the calling thread, in the order in which they finish
   */
  public void makeAll(List<MergePlan> plans, Tickets tickets, FinishedParts finished)
      throws IOException {
    List<PartBundle> bundles = PartBundle.of(plans);
    Map<Integer, List<PartBundle>> shards = new LinkedHashMap<>();
    Map<PartBundle.Shard, ShardLog> logs = new HashMap<>();
    for (PartBundle bundle : bundles) {
      shards.computeIfAbsent(bundle.shard(), any -> new ArrayList<>()).add(bundle);
    }
    List<SparkJob.Group<PartJob>> groups = new ArrayList<>();
    List<PartBundle> inOrder = new ArrayList<>();
    shards.forEach(
        (shard, ofShard) -> {
          List<PartJob> jobs = ofShard.stream().map(bundle -> bundle.job(tickets)).toList();
          groups.add(StageNames.merge(ofShard.get(0).outputShard(plans), jobs));
          inOrder.addAll(ofShard);
        });
    inOrder.stream()
        .flatMap(bundle -> bundle.shards().stream())
        .collect(groupingBy(shard -> shard, counting()))
        .forEach(
            (shard, parts) -> logs.put(shard, new ShardLog(shard.file(plans), parts.intValue())));
    TaskRunner runs = this.tasks;
    new SparkJob<PartJob, List<PartResult>>(spark, profile)
        .run(
            groups,
            job ->
                runs.run(
                    job.name(), job.memory(), runner -> runner.run(job.tasks(), job.tickets())),
            (place, results) -> {
              for (int i = 0; i < results.size(); i++) {
                PartBundle.Shard shard = inOrder.get(place).shards().get(i);
                finished.accept(shard.merge(), results.get(i));
                logs.get(shard).finished(results.get(i));
              }
            });
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

  /** Gives tickets. */
  @FunctionalInterface
  public interface Tickets {
    /** Where a part of a merge goes, given the place of the merge. */
    PartTicket of(int merge, PartTask task);
  }

  /** Takes finished parts of several merges. */
  @FunctionalInterface
  public interface FinishedParts {
    void accept(int merge, PartResult result) throws IOException;
  }

  @Override
  public void close() {
    spark.close();
  }
}
