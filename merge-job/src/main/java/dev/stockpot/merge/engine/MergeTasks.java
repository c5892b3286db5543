package dev.stockpot.merge.engine;

import dev.stockpot.kernels.rapids.cudf.GpuTask;
import dev.stockpot.merge.align.Match;
import dev.stockpot.merge.align.Matched;
import dev.stockpot.merge.part.CopyResult;
import dev.stockpot.merge.part.CopyTask;
import dev.stockpot.merge.part.PartResult;
import dev.stockpot.merge.part.PartTimes;
import dev.stockpot.merge.plan.Factors;
import dev.stockpot.merge.plan.MergePlan;
import dev.stockpot.merge.plan.ScanPlan;
import dev.stockpot.merge.plan.TensorWork;
import dev.stockpot.merge.storage.StoreRequests;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

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

  /**
   * Scans what one task cannot scan until no work asks for more. What several merges look at alike
   * is read once.
   *
   * @param progress hears of each scan
   * @return the plans, knowing what was found
   */
  public List<MergePlan> scanAll(List<MergePlan> plans, ScanProgress progress) throws IOException {
    Scanning scanning = new Scanning(pool, tasks, progress);
    List<MergePlan> known = plans;
    while (known.stream().anyMatch(plan -> plan.scanPlan().isWanted())) {
      List<List<TensorWork>> refined =
          scanning.once(known.stream().map(MergePlan::scanPlan).toList());
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
   * @param progress hears of each scan
   * @return the plan, knowing what was found
   */
  public ScanPlan look(ScanPlan plan, ScanProgress progress) throws IOException {
    Scanning scanning = new Scanning(pool, tasks, progress);
    ScanPlan known = plan;
    while (known.isWanted()) {
      known = known.knowing(scanning.once(List.of(known)).get(0));
    }
    return known;
  }

  /**
   * Makes all parts of merges, mostly of a single one. Parts that are made of the same are made by
   * one task, which reads that once.
   *
   * @param wantsDigests whether one task makes all parts of a shard, and finds its SHA-256
   * @param tickets where each part goes
   * @param finished takes each part on the calling thread, in the order in which they finish
   */
  public void makeAll(
      List<MergePlan> plans, boolean wantsDigests, Tickets tickets, FinishedParts finished)
      throws IOException {
    List<TaskPool.Group<PartSeries>> groups = new ArrayList<>();
    List<List<PartBundle.Shard>> inOrder = new ArrayList<>();
    for (List<PartBundle> ofShard : PartBundle.byShard(plans)) {
      List<PartSeries> tasksOfShard = new ArrayList<>();
      for (List<PartBundle> ofTask : PartBundle.ofTasks(ofShard, wantsDigests)) {
        List<PartJob> jobs = ofTask.stream().map(bundle -> bundle.job(tickets)).toList();
        tasksOfShard.add(new PartSeries(jobs, wantsDigests));
        inOrder.add(ofTask.stream().flatMap(bundle -> bundle.shards().stream()).toList());
      }
      StageName name = StageName.merge(ofShard.get(0).outputShard(plans), ofShard.size());
      groups.add(name.of(tasksOfShard));
    }
    Map<PartBundle.Shard, ShardLog> logs = new HashMap<>();
    PartBundle.partsOf(inOrder)
        .forEach((shard, parts) -> logs.put(shard, new ShardLog(shard.file(plans), parts)));
    new Rounds(pool.watched(finished::tryFailed), tasks)
        .<PartSeries, List<PartResult>>run(
            groups,
            (runs, series) -> series.run(runs),
            (place, results) -> {
              for (int i = 0; i < results.size(); i++) {
                PartBundle.Shard shard = inOrder.get(place).get(i);
                finished.accept(shard.merge(), results.get(i));
                logs.get(shard).finished(results.get(i));
              }
            });
  }

  /**
   * Finds how many singular values are kept of changes, a task for each.
   *
   * @param progress hears of each
   * @return the ranks, in the order of the changes
   */
  public List<Integer> ranks(List<Factors> changes, ScanProgress progress) throws IOException {
    return new Ranks(pool, tasks, progress).of(changes);
  }

  /** Finds which units of models are most alike, in the order of the matches. */
  public List<Matched> match(List<Match> matches) throws IOException {
    return new Matches(pool, tasks).all(matches);
  }

  /**
   * Copies files, a task for each, the largest first.
   *
   * @param finished takes each on the calling thread, by its place in the list
   */
  public void copyAll(List<CopyTask> files, TaskPool.Taker<CopyResult> finished)
      throws IOException {
    List<Integer> order = new ArrayList<>();
    for (int place = 0; place < files.size(); place++) {
      order.add(place);
    }
    order.sort(
        Comparator.comparing((Integer place) -> files.get(place).source().size()).reversed());
    List<CopyTask> sorted = order.stream().map(files::get).toList();
    new Rounds(pool, tasks)
        .<CopyTask, CopyResult>run(
            List.of(StageName.copy(sorted).of(sorted)),
            (runs, task) ->
                runs.run(
                    "copy of " + task.source().location().name(),
                    task.partBytes(),
                    runner -> runner.copy(task)),
            (place, result) -> finished.take(order.get(place), result));
  }

  /** What all tasks did so far, and the requests of this JVM for the same merge beside them. */
  public MergeTotals totals() {
    StoreRequests beside = tasks.environment().store().takeRequests();
    return tasks.totals().value().plus(new MergeTotals(0, PartTimes.NONE, beside));
  }
}
