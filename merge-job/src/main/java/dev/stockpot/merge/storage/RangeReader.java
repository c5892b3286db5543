package dev.stockpot.merge.storage;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/** Reads ranges of one object. Not thread-safe. */
public interface RangeReader extends Closeable {
  /**
   * Says what will be read, so that a store may fetch neighbouring ranges in one request. A hint
   * that replaces the one before; everything else can be read as well.
   *
   * @param ranges in the order in which they will be read
   */
  default void announce(List<ByteRange> ranges) {}

  /**
   * Fills the rest of the buffer with the bytes from {@code position} on.
   *
   * @throws java.io.EOFException if the object ends before the buffer is full
   */
  void read(long position, ByteBuffer into) throws IOException;
}
