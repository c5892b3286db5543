package dev.stockpot.merge.storage;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Reads ranges of one object. Not thread-safe. */
public interface RangeReader extends Closeable {
  /**
   * Fills the rest of the buffer with the bytes from {@code position} on.
   *
   * @throws java.io.EOFException if the object ends before the buffer is full
   */
  void read(long position, ByteBuffer into) throws IOException;
}
