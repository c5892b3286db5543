package dev.stockpot.merge.plan;

import dev.stockpot.merge.model.Footprint;
import java.util.Optional;

/** What of a merge does not fit a task's memory because stages are made on the way. */
public final class StageMisfit {
  private StageMisfit() {}

  /**
   * Why tensors of another merge cannot be made while the stages that they are made of are: a
   * tensor that does not fit a task's memory with all that it takes.
   *
   * @param other a merge that takes stages on the way
   */
  public static Optional<String> why(MergePlan other, long taskBytes) {
    return other.shards().stream()
        .flatMap(shard -> shard.tensors().stream())
        .map(placed -> placed.tensor().work())
        .filter(work -> work.lacksRoom(taskBytes))
        .findFirst()
        .map(
            work -> {
              Footprint needed = work.footprint(work.all());
              return "%s takes %s bytes at once, more than a task's %s; raise task-memory to make it on the way"
                  .formatted(
                      work.name(), needed.memory() + work.outputBytes(work.all()), taskBytes);
            });
  }
}
