package dev.stockpot.merge.storage.hadoop;

import java.io.IOException;
import java.io.InputStream;
import org.apache.arrow.memory.ArrowBuf;

/**
 * The bytes of a part, as often as need be: the AWS SDK reads them again when a connection breaks,
 * from the mark on, whatever limit it gave for the mark. Another thread may still hold the stream
 * when the part's memory is gone: once closed, it reads nothing more.
 */
final class PartStream extends InputStream {
  private static final int BYTE = 0xff;

  private final ArrowBuf bytes;
  private final long length;
  private long next;
  private long mark;
  private boolean isOpen = true;

  PartStream(ArrowBuf bytes, long length) {
    this.bytes = bytes;
    this.length = length;
  }

  @Override
  public synchronized int read() throws IOException {
    requireOpen();
    if (next == length) {
      return -1;
    }
    int value = bytes.getByte(next) & BYTE;
    next++;
    return value;
  }

  @Override
  public synchronized int read(byte[] into, int offset, int most) throws IOException {
    requireOpen();
    if (most == 0) {
      return 0;
    }
    if (next == length) {
      return -1;
    }
    int count = (int) Math.min(most, length - next);
    bytes.getBytes(next, into, offset, count);
    next += count;
    return count;
  }

  @Override
  public synchronized long skip(long count) throws IOException {
    requireOpen();
    long skipped = Math.max(0, Math.min(count, length - next));
    next += skipped;
    return skipped;
  }

  @Override
  public synchronized int available() {
    return (int) Math.min(Integer.MAX_VALUE, length - next);
  }

  @Override
  public boolean markSupported() {
    return true;
  }

  @Override
  public synchronized void mark(int readLimit) {
    mark = next;
  }

  @Override
  public synchronized void reset() {
    next = mark;
  }

  private void requireOpen() throws IOException {
    if (!isOpen) {
      throw new IOException("the part is given up");
    }
  }

  /** Nothing: who reads a stream closes it, and may want to read it again. */
  @Override
  public void close() {}

  /** The memory is about to go. */
  synchronized void giveUp() {
    isOpen = false;
  }
}
