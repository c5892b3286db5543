package dev.stockpot.merge.storage;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/** Bytes {@code [begin, end)} of an object. */
public record ByteRange(long begin, long end) implements Serializable {
  public ByteRange {
    if (begin < 0 || end < begin) {
      throw new IllegalArgumentException("bytes %s to %s are no range".formatted(begin, end));
    }
  }

  public long length() {
    return end - begin;
  }

  /**
   * Ranges in their order, those in one that follow on each other with less than so many bytes
   * between them.
   */
  public static List<ByteRange> joined(List<ByteRange> ranges, long gap) {
    List<ByteRange> joined = new ArrayList<>();
    for (ByteRange range : ranges) {
      ByteRange last = joined.isEmpty() ? null : joined.get(joined.size() - 1);
      if (last != null && range.begin >= last.end && range.begin - last.end < gap) {
        joined.set(joined.size() - 1, new ByteRange(last.begin, range.end));
      } else {
        joined.add(range);
      }
    }
    return joined;
  }

  @Override
  public String toString() {
    return begin + "-" + end;
  }
}
