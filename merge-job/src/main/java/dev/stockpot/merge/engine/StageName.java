package dev.stockpot.merge.engine;

import dev.stockpot.merge.plan.OutputShard;
import java.util.List;

/**
 * What a user interface calls tasks of one kind.
 *
 * @param name short, of their stage
 * @param description what is in it
 */
record StageName(String name, String description) {
  /** Tasks of that name. */
  <T> TaskPool.Group<T> of(List<T> tasks) {
    return new TaskPool.Group<>(name, description, tasks);
  }

  static StageName scan(List<ScanBundle> tasks) {
    List<String> tensors =
        tasks.stream()
            .flatMap(task -> task.merges().get(0).stream())
            .map(slice -> slice.work().name())
            .distinct()
            .toList();
    return new StageName("Scan", "Scan " + range(tensors));
  }

  static StageName merge(OutputShard shard, int parts) {
    List<String> tensors =
        shard.tensors().stream().map(placed -> placed.tensor().output().name()).toList();
    return new StageName(
        "Merge " + shard.file(),
        "Merge %s: %s parts, %s".formatted(shard.file(), parts, range(tensors)));
  }

  private static String range(List<String> tensors) {
    return switch (tensors.size()) {
      case 0 -> "no tensors";
      case 1 -> tensors.get(0);
      default ->
          "%s tensors, %s to %s"
              .formatted(tensors.size(), tensors.get(0), tensors.get(tensors.size() - 1));
    };
  }
}
