package dev.stockpot.merge.engine;

/**
 * Where tasks of merges run: those of several merges at the same time, if several are asked for.
 */
public interface MergeEngine extends AutoCloseable {

  /**
   * Prepares one merge.
   *
   * @param environment of each of its tasks
   * @param wantsGpu whether to ask a cluster for executors with a GPU
   */
  MergeTasks begin(TaskEnvironment environment, boolean wantsGpu);

  /**
   * Runs work that has nothing to do with a merge. It may be asked by several threads; a task ends
   * when the thread that waits for it is interrupted.
   *
   * @param wantsGpu whether to ask a cluster for an executor with a GPU for each task
   */
  TaskPool errands(boolean wantsGpu);

  /** Gives back what the engine has for itself. A Spark that others started goes on. */
  @Override
  void close();
}
