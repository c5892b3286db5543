package dev.stockpot.merge.hub;

import static java.util.Objects.requireNonNull;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;

/**
 * The body of an answer, read while it arrives, by the thread that wants it: a connection that is
 * read by another one takes a processor four times as long.
 */
final class AnswerStream implements Closeable {
  /** As many bytes as a socket gives at once. */
  private static final int BLOCK_BYTES = 128 << 10;

  /** Where nobody said how long an answer is. */
  static final long UNKNOWN = -1;

  /** Ends a connection, for what is left of an answer is not wanted. */
  @FunctionalInterface
  interface Cut {
    void now();
  }

  private final InputStream body;
  private final Cut cut;
  private final boolean isLengthKnown;
  private long left;
  private boolean isOver;
  private byte[] block = {};

  /**
   * @param length in bytes, or {@link #UNKNOWN}
   */
  AnswerStream(InputStream body, long length, Cut cut) {
    this.body = requireNonNull(body, "body is null");
    this.cut = requireNonNull(cut, "cut is null");
    this.isLengthKnown = length >= 0;
    this.left = isLengthKnown ? length : Long.MAX_VALUE;
  }

  /**
   * Fills the rest of the buffer.
   *
   * @throws EOFException if the answer ends before
   */
  void read(ByteBuffer into) throws IOException {
    while (into.hasRemaining()) {
      if (readSome(into) < 0) {
        throw new EOFException("the answer ended %s bytes too early".formatted(into.remaining()));
      }
    }
  }

  /** Drops bytes. */
  void skip(long count) throws IOException {
    ByteBuffer dropped = ByteBuffer.wrap(block(), 0, (int) Math.min(count, BLOCK_BYTES));
    for (long toDrop = count; toDrop > 0; toDrop -= dropped.position()) {
      dropped.clear().limit((int) Math.min(toDrop, dropped.capacity()));
      read(dropped);
    }
  }

  /** All of it, if that is no more than some bytes. */
  byte[] all(int most) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ByteBuffer some = ByteBuffer.allocate(BLOCK_BYTES);
    while (readSome(some.clear()) >= 0) {
      bytes.write(some.array(), 0, some.position());
      if (bytes.size() > most) {
        throw new IOException("the answer has more than %s bytes".formatted(most));
      }
    }
    if (isLengthKnown && left > 0) {
      throw new EOFException("the answer ended %s bytes too early".formatted(left));
    }
    return bytes.toByteArray();
  }

  /** Reads what has arrived, at least one byte; −1 at the end. */
  private int readSome(ByteBuffer into) throws IOException {
    if (Thread.currentThread().isInterrupted()) {
      throw new InterruptedIOException("interrupted while reading an answer");
    }
    int wanted = (int) Math.min(left, Math.min(into.remaining(), BLOCK_BYTES));
    int count = wanted == 0 ? -1 : arrived(into, wanted);
    if (count >= 0) {
      left -= count;
    }
    isOver |= count < 0 || left == 0;
    return count;
  }

  private int arrived(ByteBuffer into, int wanted) throws IOException {
    try {
      if (into.hasArray()) {
        int count = body.read(into.array(), into.arrayOffset() + into.position(), wanted);
        into.position(into.position() + Math.max(0, count));
        return count;
      }
      int count = body.read(block(), 0, wanted);
      into.put(block, 0, Math.max(0, count));
      return count;
    } catch (SocketTimeoutException e) {
      throw silence(e);
    }
  }

  /** What silence is: a failure as any other, though Java takes it for a kind of interrupt. */
  static HttpTimeoutException silence(SocketTimeoutException e) {
    HttpTimeoutException silence =
        new HttpTimeoutException("no byte arrived in time: " + e.getMessage());
    silence.initCause(e);
    return silence;
  }

  private byte[] block() {
    if (block.length == 0) {
      block = new byte[BLOCK_BYTES];
    }
    return block;
  }

  /** What is left of the answer is not read; then its connection goes, else it serves again. */
  @Override
  public void close() {
    if (!isOver) {
      isOver = true;
      cut.now();
    }
  }
}
