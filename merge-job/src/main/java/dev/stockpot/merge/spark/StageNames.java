package dev.stockpot.merge.spark;

import dev.stockpot.merge.plan.OutputShard;
import java.util.List;

/** What Spark's UI calls jobs and stages. */
final class StageNames {
  private StageNames() {}

  static SparkJob.Group<ScanBundle> scan(List<ScanBundle> tasks) {
    List<String> tensors =
        tasks.stream()
            .flatMap(task -> task.merges().get(0).stream())
            .map(slice -> slice.work().name())
            .distinct()
            .toList();
    return new SparkJob.Group<>("Scan", "Scan " + range(tensors), tasks);
  }

  static <T> SparkJob.Group<T> merge(OutputShard shard, List<T> parts) {
    List<String> tensors =
        shard.tensors().stream().map(placed -> placed.tensor().output().name()).toList();
    return new SparkJob.Group<>(
        "Merge " + shard.file(),
        "Merge %s: %s parts, %s".formatted(shard.file(), parts.size(), range(tensors)),
        parts);
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
