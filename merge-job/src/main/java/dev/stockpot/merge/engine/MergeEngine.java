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

  /** Gives back what the engine has for itself. A Spark that others started goes on. */
  @Override
  void close();
}
