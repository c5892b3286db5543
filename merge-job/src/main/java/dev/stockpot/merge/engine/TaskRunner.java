package dev.stockpot.merge.engine;

import dev.stockpot.kernels.rapids.cudf.GpuTask;
import dev.stockpot.merge.part.PartRunner;
import java.io.Serializable;

/**
 * Runs tasks in their environment and counts what they did.
 *
 * @param gpu what a task knows of the GPU that it was given
 */
record TaskRunner(TaskEnvironment environment, GpuTask gpu, TotalsSum totals)
    implements Serializable {

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
    return environment.run(name, partBytes, gpu, runner -> counted(runner, work));
  }

  private <T> T counted(PartRunner runner, TaskEnvironment.Work<T> work) throws Exception {
    T result = work.run(runner);
    ProcessTotals.finishedTask(runner.times());
    totals.add(new MergeTotals(1, runner.times(), environment.store().takeRequests()));
    return result;
  }
}
