package dev.stockpot.merge.engine;

import java.io.IOException;
import java.io.Serializable;
import java.util.List;

/** Runs lists of tasks that do not wait for each other: what an engine does in its own way. */
public interface TaskPool {

  /**
   * Elements that a user sees as a job of their own, a task for each.
   *
   * @param name what a user interface calls it, short
   * @param description what is in it
   */
  record Group<T>(String name, String description, List<T> elements) {
    public Group {
      elements = List.copyOf(elements);
    }
  }

  /** A task's work. It may be sent to another machine, and is safe to repeat. */
  @FunctionalInterface
  interface Work<T, R> extends Serializable {
    R run(T element) throws Exception;
  }

  /** Takes a result on the calling thread. */
  @FunctionalInterface
  interface Taker<R> {
    void take(int place, R result) throws IOException;
  }

  /** Hears of tries that failed, on the calling thread. */
  @FunctionalInterface
  interface Watch {
    /** Some try of some task did; throws if no other one makes sense. */
    void failed() throws IOException;
  }

  /** The same, that tells of tries between results. A pool that tries once has none to tell of. */
  default TaskPool watched(Watch watch) {
    return this;
  }

  /**
   * Runs all groups and waits for their end. Those that come first are started first, but none
   * waits for another.
   *
   * @param taker counts places through all groups
   * @throws dev.stockpot.merge.UserException if a task failed for good, or the taker did
   */
  <T, R> void run(List<Group<T>> groups, Work<T, R> work, Taker<R> taker) throws IOException;
}
