package dev.stockpot.merge.storage.hadoop;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import org.apache.arrow.memory.ArrowBuf;

/**
 * The bytes of a part, as often as need be: the AWS SDK reads them again when a connection breaks,
 * from the mark on, whatever limit it gave for the mark. A reader waits for bytes that are not
 * there yet. It may still hold the stream when the part's memory is gone: once given up, the stream
 * reads nothing more.
 */
final class PartStream extends InputStream {
  private static final int BYTE = 0xff;

  private final ArrowBuf bytes;
  private final long length;
  private long ready;
  private long next;
  private long mark;
  private boolean isOpen = true;

  PartStream(ArrowBuf bytes, long length) {
    this.bytes = bytes;
    this.length = length;
  }

  /** The first bytes, as many as given here, are there and do not change any more. */
  synchronized void growTo(long bytesReady) {
    ready = bytesReady;
    notifyAll();
  }

  @Override
  public synchronized int read() throws IOException {
    if (!awaitNext()) {
      return -1;
    }
    int value = bytes.getByte(next) & BYTE;
    next++;
    return value;
  }

  @Override
  public synchronized int read(byte[] into, int offset, int most) throws IOException {
    if (most == 0) {
      return 0;
    }
    if (!awaitNext()) {
      return -1;
    }
    int count = (int) Math.min(most, ready - next);
    bytes.getBytes(next, into, offset, count);
    next += count;
    return count;
  }

  @Override
  public synchronized long skip(long count) {
    long skipped = Math.max(0, Math.min(count, length - next));
    next += skipped;
    return skipped;
  }

  @Override
  public synchronized int available() {
    return (int) Math.min(Integer.MAX_VALUE, Math.max(0, ready - next));
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

  /** Waits for the next byte; false at the end. */
  private boolean awaitNext() throws IOException {
    while (isOpen && next < length && next >= ready) {
      try {
        wait();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        InterruptedIOException interrupted =
            new InterruptedIOException("waiting for " + position());
        interrupted.initCause(e);
        throw interrupted;
      }
    }
    if (!isOpen) { // of the kind that nobody answers by another try
      throw new InterruptedIOException("given up before " + position());
    }
    return next < length;
  }

  private String position() {
    return "byte %s of a part of %s".formatted(next, length);
  }

  /** Nothing: who reads a stream closes it, and may want to read it again. */
  @Override
  public void close() {}

  /** The memory is about to go. */
  synchronized void giveUp() {
    isOpen = false;
    notifyAll();
  }
}
