package dev.stockpot.merge.plan;

import java.util.ArrayList;
import java.util.List;

/**
 * What is to be looked at before it can be merged, or for itself.
 *
 * @param works in order
 * @param mostBytes that one task should read, unless a single slice has more
 */
public record ScanPlan(List<ScannedWork> works, long mostBytes) {
  public ScanPlan {
    works = List.copyOf(works);
  }

  /** Whether anything is still to be found out. */
  public boolean isWanted() {
    return works.stream().anyMatch(scanned -> scanned.work().scan().isPresent());
  }

  /** Bytes that are read to look at all of it once. */
  public long bytesRead() {
    return works.stream()
        .flatMap(scanned -> scanned.slices().stream())
        .mapToLong(SliceTask::bytesRead)
        .sum();
  }

  /**
   * This plan, its works knowing what was found.
   *
   * @param refined the works, in their order
   */
  public ScanPlan knowing(List<TensorWork> refined) {
    List<ScannedWork> known = new ArrayList<>();
    for (int i = 0; i < works.size(); i++) {
      known.add(works.get(i).of(refined.get(i)));
    }
    return new ScanPlan(known, mostBytes);
  }
}
