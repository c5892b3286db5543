package dev.stockpot.merge.engine;

import dev.stockpot.merge.align.Match;
import dev.stockpot.merge.part.CopyTask;
import dev.stockpot.merge.plan.Factors;
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
    return new StageName("Scan", "Scan " + range("tensors", tensors));
  }

  static StageName merge(OutputShard shard, int parts) {
    List<String> tensors =
        shard.tensors().stream().map(placed -> placed.tensor().output().name()).toList();
    return new StageName(
        "Merge " + shard.file(),
        "Merge %s: %s parts, %s".formatted(shard.file(), parts, range("tensors", tensors)));
  }

  static StageName ranks(List<Factors> changes) {
    return new StageName(
        "Ranks", "Ranks of " + range("changes", changes.stream().map(Factors::name).toList()));
  }

  static StageName matches(List<Match> matches) {
    return new StageName(
        "Matching", "Matching of " + range("groups", matches.stream().map(Match::name).toList()));
  }

  static StageName copy(List<CopyTask> files) {
    List<String> names = files.stream().map(file -> file.source().location().name()).toList();
    return new StageName("Copy", "Copy " + range("files", names));
  }

  private static String range(String what, List<String> names) {
    return switch (names.size()) {
      case 0 -> "no " + what;
      case 1 -> names.get(0);
      default ->
          "%s %s, %s to %s"
              .formatted(names.size(), what, names.get(0), names.get(names.size() - 1));
    };
  }
}
