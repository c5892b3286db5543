package dev.stockpot.merge.hub;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow.Subscription;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The body of an answer, read while it arrives. The network may be so many bytes ahead of the
 * reader; one that goes silent fails.
 */
final class AnswerStream implements BodySubscriber<AnswerStream>, Closeable {
  private static final int MOST_AHEAD = 1 << 20;
  private static final int SOME_BYTES = 64 << 10;

  private final Duration patience;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition arrived = lock.newCondition();
  private final Deque<ByteBuffer> unread = new ArrayDeque<>();
  private long unreadBytes;
  private boolean isAsked;
  private boolean isOver;
  private boolean isClosed;
  private Throwable failure;
  private Subscription subscription;

  /**
   * @param patience for the next bytes
   */
  AnswerStream(Duration patience) {
    this.patience = patience;
  }

  @Override
  public CompletionStage<AnswerStream> getBody() {
    return CompletableFuture.completedStage(this);
  }

  @Override
  public void onSubscribe(Subscription own) {
    lock.lock();
    try {
      subscription = own;
      if (isClosed) {
        own.cancel();
        return;
      }
      isAsked = true;
    } finally {
      lock.unlock();
    }
    own.request(1);
  }

  @Override
  public void onNext(List<ByteBuffer> bytes) {
    boolean isMoreWanted;
    lock.lock();
    try {
      for (ByteBuffer buffer : bytes) {
        unreadBytes += buffer.remaining();
        unread.add(buffer);
      }
      isMoreWanted = unreadBytes < MOST_AHEAD && !isClosed;
      isAsked = isMoreWanted;
      arrived.signalAll();
    } finally {
      lock.unlock();
    }
    if (isMoreWanted) {
      subscription.request(1);
    }
  }

  @Override
  public void onError(Throwable cause) {
    end(cause);
  }

  @Override
  public void onComplete() {
    end(null);
  }

  private void end(Throwable cause) {
    lock.lock();
    try {
      failure = cause;
      isOver = true;
      arrived.signalAll();
    } finally {
      lock.unlock();
    }
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
    ByteBuffer dropped = ByteBuffer.allocate((int) Math.min(count, SOME_BYTES));
    for (long left = count; left > 0; left -= dropped.position()) {
      dropped.clear().limit((int) Math.min(left, dropped.capacity()));
      read(dropped);
    }
  }

  /** All of it, if that is no more than some bytes. */
  byte[] all(int most) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ByteBuffer some = ByteBuffer.allocate(SOME_BYTES);
    while (readSome(some.clear()) >= 0) {
      bytes.write(some.array(), 0, some.position());
      if (bytes.size() > most) {
        throw new IOException("the answer has more than %s bytes".formatted(most));
      }
    }
    return bytes.toByteArray();
  }

  /** Reads what has arrived, at least one byte; −1 at the end. */
  private int readSome(ByteBuffer into) throws IOException {
    ByteBuffer next = next();
    if (next == null) {
      return -1;
    }
    int count = Math.min(next.remaining(), into.remaining());
    into.put(next.slice(next.position(), count));
    next.position(next.position() + count);
    taken(next, count);
    return count;
  }

  /** The first buffer of which something is left. */
  private ByteBuffer next() throws IOException {
    lock.lock();
    try {
      long left = patience.toNanos();
      while (unread.isEmpty() && !isOver) {
        if (left <= 0) {
          throw new HttpTimeoutException(
              "no byte arrived for %s s".formatted(patience.toSeconds()));
        }
        left = arrived.awaitNanos(left);
      }
      if (unread.isEmpty() && failure != null) {
        throw new IOException(String.valueOf(failure.getMessage()), failure);
      }
      return unread.peek();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while reading an answer");
    } finally {
      lock.unlock();
    }
  }

  private void taken(ByteBuffer buffer, int count) {
    boolean isMoreWanted;
    lock.lock();
    try {
      unreadBytes -= count;
      if (!buffer.hasRemaining()) {
        unread.remove();
      }
      isMoreWanted = !isAsked && !isOver && unreadBytes < MOST_AHEAD;
      isAsked |= isMoreWanted;
    } finally {
      lock.unlock();
    }
    if (isMoreWanted) {
      subscription.request(1);
    }
  }

  /** What is left of the answer is not read; its connection goes. */
  @Override
  public void close() {
    Subscription open;
    lock.lock();
    try {
      isClosed = true;
      open = isOver ? null : subscription;
      unread.clear();
    } finally {
      lock.unlock();
    }
    if (open != null) {
      open.cancel();
    }
  }
}
