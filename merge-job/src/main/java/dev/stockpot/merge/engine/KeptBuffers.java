package dev.stockpot.merge.engine;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Optional;
import org.apache.arrow.memory.ArrowBuf;

/** Buffers that nobody uses now, in the order in which they were given back. */
final class KeptBuffers {
  private final Deque<ArrowBuf> oldestFirst = new ArrayDeque<>();
  private long bytes;

  long bytes() {
    return bytes;
  }

  void add(ArrowBuf buffer) {
    oldestFirst.add(buffer);
    bytes += buffer.capacity();
  }

  /**
   * The one that was given back last of those of exactly {@code size} bytes; it is kept no more.
   */
  Optional<ArrowBuf> take(long size) {
    Iterator<ArrowBuf> newestFirst = oldestFirst.descendingIterator();
    while (newestFirst.hasNext()) {
      ArrowBuf buffer = newestFirst.next();
      if (buffer.capacity() == size) {
        newestFirst.remove();
        bytes -= size;
        return Optional.of(buffer);
      }
    }
    return Optional.empty();
  }

  /** Frees the oldest until no more than {@code most} bytes are kept, or nothing is. */
  void free(long most) {
    while (bytes > 0 && bytes > most) {
      ArrowBuf oldest = oldestFirst.remove();
      bytes -= oldest.capacity();
      oldest.close();
    }
  }
}
