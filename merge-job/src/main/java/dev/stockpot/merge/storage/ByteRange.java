package dev.stockpot.merge.storage;

import java.io.Serializable;

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

  @Override
  public String toString() {
    return begin + "-" + end;
  }
}
