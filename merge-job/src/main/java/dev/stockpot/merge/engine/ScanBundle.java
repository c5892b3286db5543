package dev.stockpot.merge.engine;

import dev.stockpot.merge.plan.SharedReads;
import dev.stockpot.merge.plan.SliceTask;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Scans of several merges that read the same, as one Spark task.
 *
 * @param merges the slices of each, in order
 */
record ScanBundle(List<List<SliceTask>> merges) implements Serializable {
  ScanBundle {
    merges = List.copyOf(merges);
  }

  /**
   * Which scan of which merge.
   *
   * @param merge place of the merge
   * @param task place among its tasks
   */
  record Member(int merge, int task) {}

  /**
   * The scans of several merges, those together that read the same.
   *
   * @param merges the tasks of each
   */
  static List<List<Member>> members(List<List<ScanTask>> merges) {
    Map<SharedReads, List<Member>> bundles = new LinkedHashMap<>();
    for (int merge = 0; merge < merges.size(); merge++) {
      for (int task = 0; task < merges.get(merge).size(); task++) {
        bundles
            .computeIfAbsent(
                SharedReads.of(merges.get(merge).get(task).slices()), any -> new ArrayList<>())
            .add(new Member(merge, task));
      }
    }
    return List.copyOf(bundles.values());
  }

  /** A task for some of the scans, which read the same. */
  static ScanBundle of(List<Member> members, List<List<ScanTask>> merges) {
    return new ScanBundle(
        members.stream()
            .map(member -> merges.get(member.merge()).get(member.task()).slices())
            .toList());
  }

  /** What the task reads: all of its merges read the same. */
  long bytesRead() {
    return merges.get(0).stream().mapToLong(SliceTask::bytesRead).sum();
  }

  /** For messages. */
  String name() {
    return "scan of %s slices from %s"
        .formatted(merges.get(0).size(), merges.get(0).get(0).work().name());
  }
}
