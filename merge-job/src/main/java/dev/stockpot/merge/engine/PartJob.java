package dev.stockpot.merge.engine;

import dev.stockpot.merge.plan.PartTask;
import dev.stockpot.merge.storage.PartTicket;
import java.io.Serializable;
import java.util.List;

/**
 * The same part of several merges, and where each goes: the work of one Spark task.
 *
 * @param tickets in the order of the tasks
 */
record PartJob(List<PartTask> tasks, List<PartTicket> tickets) implements Serializable {
  PartJob {
    tasks = List.copyOf(tasks);
    tickets = List.copyOf(tickets);
  }

  /** For messages. */
  String name() {
    PartTask first = tasks.get(0);
    return "part %s of shard %s".formatted(first.number(), first.shard() + 1);
  }

  /** Memory of all parts, where a store holds them until they are uploaded. */
  long memory() {
    return tasks.stream().mapToLong(PartTask::memory).sum();
  }
}
