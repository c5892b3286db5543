package dev.stockpot.merge.spark;

import dev.stockpot.merge.part.PartRunner;
import java.io.Serializable;

/** Runs tasks in their environment and counts what they did. */
record TaskRunner(TaskEnvironment environment, TaskTotals totals) implements Serializable {

  /** Work without a part: a scan. */
  <T> T run(String name, TaskEnvironment.Work<T> work) throws Exception {
    return run(name, 0, work);
  }

  /**
   * Does a task's work.
   *
   * @param partBytes memory of the part that it makes
   */
  <T> T run(String name, long partBytes, TaskEnvironment.Work<T> work) throws Exception {
    return environment.run(name, partBytes, runner -> counted(runner, work));
  }

  private <T> T counted(PartRunner runner, TaskEnvironment.Work<T> work) throws Exception {
    T result = work.run(runner);
    MergeMetrics.finishedTask(runner.times());
    totals.add(new MergeTotals(1, runner.times(), MergeMetrics.takeRequests(environment.store())));
    return result;
  }
}
