package dev.stockpot.merge.plan;

import java.util.Comparator;
import java.util.List;

/** The order in which parts are made. */
final class PartOrder {
  private PartOrder() {}

  private record Sized(PartTask part, long bytes) {}

  /** Those that read most first, so that none of them is begun when all others are done. */
  static List<PartTask> largestFirst(List<PartTask> parts) {
    return parts.stream()
        .map(part -> new Sized(part, part.bytesRead()))
        .sorted(
            Comparator.comparingLong(Sized::bytes)
                .reversed()
                .thenComparingInt(sized -> sized.part().shard())
                .thenComparingInt(sized -> sized.part().number()))
        .map(Sized::part)
        .toList();
  }
}
