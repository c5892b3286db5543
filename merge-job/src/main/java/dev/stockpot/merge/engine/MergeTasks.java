package dev.stockpot.merge.engine;

import dev.stockpot.kernels.method.MergeProgram;
import dev.stockpot.kernels.rapids.cudf.GpuTask;
import dev.stockpot.kernels.statistic.Statistic;
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
import java.util.function.Function;

/** The tasks of one merge: one a part, in the order of the plan, whatever else the pool is at. */
public final class MergeTasks {
  private final TaskPool pool;
  private final TaskRunner tasks;

  /**
   * @param environment of each task
   * @param gpu what a task knows of the GPU that it was given
   * @param totals of this merge alone
   */
  public MergeTasks(TaskPool pool, TaskEnvironment environment, GpuTask gpu, TotalsSum totals) {
    this.pool = pool;
    this.tasks = new TaskRunner(environment, gpu, totals);
  }

  /** A part and where it goes. */
  private record PartJob(PartTask task, PartTicket ticket) implements Serializable {}

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
    pool.<ScanTask, Statistic>run(
        List.of(new TaskPool.Group<>(StageName.scan(tasks), tasks)),
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
    List<TaskPool.Group<PartJob>> groups = new ArrayList<>();
    Map<Integer, ShardLog> logs = new HashMap<>();
    for (List<PartTask> parts : byShard(plan)) {
      OutputShard shard = plan.shards().get(parts.get(0).shard());
      List<PartJob> jobs =
          parts.stream().map(task -> new PartJob(task, ticket.apply(task))).toList();
      groups.add(new TaskPool.Group<>(StageName.merge(shard, jobs.size()), jobs));
      logs.put(parts.get(0).shard(), new ShardLog(shard.file(), jobs.size()));
    }
    TaskRunner runs = tasks;
    pool.<PartJob, PartResult>run(
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

  /** What all tasks did so far, and the requests of this JVM for the same merge beside them. */
  public MergeTotals totals() {
    StoreRequests beside = tasks.environment().store().takeRequests();
    return tasks.totals().value().plus(new MergeTotals(0, PartTimes.NONE, beside));
  }

  /** Takes finished parts. */
  @FunctionalInterface
  public interface FinishedPart {
    void accept(PartResult result) throws IOException;
  }
}
