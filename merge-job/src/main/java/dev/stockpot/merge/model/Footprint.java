package dev.stockpot.merge.model;

import java.util.ArrayList;
import java.util.List;

/**
 * What elements of a source take.
 *
 * @param ranges what is read for them, in order
 * @param memory bytes of all buffers, that of the elements themselves among them
 */
public record Footprint(List<StoredRange> ranges, long memory) {
  /** Buffers are rounded up to whole pages of memory. */
  public static final long PAGE_BYTES = 4096;

  public static final Footprint NONE = new Footprint(List.of(), 0);

  public Footprint {
    ranges = List.copyOf(ranges);
    if (memory < 0) {
      throw new IllegalArgumentException("a footprint of %s bytes".formatted(memory));
    }
  }

  /** What a buffer of that many bytes takes. */
  public static long pages(long bytes) {
    return (bytes + PAGE_BYTES - 1) / PAGE_BYTES * PAGE_BYTES;
  }

  /** All at once. */
  public static Footprint ofAll(List<Footprint> each) {
    List<StoredRange> ranges = new ArrayList<>();
    long memory = 0;
    for (Footprint one : each) {
      ranges.addAll(one.ranges);
      memory += one.memory;
    }
    return new Footprint(ranges, memory);
  }

  /** Both at once. */
  public Footprint plus(Footprint other) {
    return ofAll(List.of(this, other));
  }

  /** With each range once, though several may want it. */
  public Footprint readOnce() {
    return ranges.size() < 2 ? this : new Footprint(ranges.stream().distinct().toList(), memory);
  }

  /** Bytes that are read. */
  public long bytesRead() {
    long sum = 0; // asked of every slice of a plan, in code that is not compiled yet
    for (StoredRange range : ranges) {
      sum += range.bytes().length();
    }
    return sum;
  }

  /** Bytes of the longest range: one buffer must hold them. */
  public long longestRange() {
    return ranges.stream().mapToLong(range -> range.bytes().length()).max().orElse(0);
  }
}
