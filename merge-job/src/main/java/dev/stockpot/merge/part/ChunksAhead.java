package dev.stockpot.merge.part;

import dev.stockpot.merge.storage.ByteRange;
import dev.stockpot.merge.storage.ObjectStore;
import dev.stockpot.merge.storage.PartTicket;
import dev.stockpot.merge.storage.RangeReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.arrow.memory.ArrowBuf;

/**
 * The bytes of a file in their order, some chunks of which are read while one is used: several at
 * once, each by a request of its own, where a network is waited for.
 */
final class ChunksAhead implements Closeable {
  private static final long MOST_CHUNK_BYTES = 8 << 20;
  private static final int SIDE_BY_SIDE = 4;
  private static final long PAGE = 4096;

  private final ObjectStore store;
  private final CopyTask task;
  private final PartTools tools;
  private final int threads;
  private final long chunkBytes;
  private final ExecutorService pool;
  private final Iterator<ByteRange> unread;
  private final Deque<Future<ArrowBuf>> reading = new ArrayDeque<>();
  private final ConcurrentLinkedQueue<ArrowBuf> buffers = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<RangeReader> readers = new ConcurrentLinkedQueue<>();
  private ArrowBuf used;

  ChunksAhead(ObjectStore store, CopyTask task, PartTools tools) {
    this.store = store;
    this.task = task;
    this.tools = tools;
    this.threads = store.readsSideBySide(task.source().location()) ? SIDE_BY_SIDE : 1;
    long fitting = tools.settings().taskBytes() / (threads + 2) / PAGE * PAGE;
    this.chunkBytes = Math.max(PAGE, Math.min(MOST_CHUNK_BYTES, fitting));
    this.pool = Executors.newFixedThreadPool(threads);
    List<ByteRange> all = new ArrayList<>();
    task.tickets().forEach(ticket -> all.addAll(of(ticket)));
    this.unread = all.iterator();
  }

  /** How a part is cut. */
  List<ByteRange> of(PartTicket ticket) {
    List<ByteRange> chunks = new ArrayList<>();
    ByteRange part = ticket.range();
    for (long at = part.begin(); at < part.end(); at += chunkBytes) {
      chunks.add(new ByteRange(at, Math.min(part.end(), at + chunkBytes)));
    }
    return chunks;
  }

  /** The next bytes, until this is called again. */
  ByteBuffer next(ByteRange chunk) throws IOException {
    if (used != null) {
      buffers.add(used);
      used = null;
    }
    while (unread.hasNext() && reading.size() <= threads) {
      ByteRange next = unread.next();
      reading.add(pool.submit(() -> read(next)));
    }
    try {
      used = reading.remove().get();
      return used.nioBuffer(0, (int) chunk.length());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while copying " + task.source().location());
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException failure) {
        throw failure;
      }
      throw new IllegalStateException("Copying " + task.source().location(), e.getCause());
    }
  }

  private ArrowBuf read(ByteRange range) throws IOException {
    long since = System.nanoTime();
    ArrowBuf free = buffers.poll();
    ArrowBuf into = free == null ? tools.memory().buffer(chunkBytes) : free;
    boolean isRead = false;
    try {
      RangeReader waiting = readers.poll();
      RangeReader reader = waiting == null ? store.open(task.source()) : waiting;
      try {
        reader.read(range.begin(), into.nioBuffer(0, (int) range.length()));
      } finally {
        readers.add(reader);
      }
      tools.watch().read(range.length(), since);
      isRead = true;
      return into;
    } finally {
      if (!isRead) {
        buffers.add(into);
      }
    }
  }

  /** Waits for those who write to its memory. */
  @Override
  public void close() throws IOException {
    reading.forEach(future -> future.cancel(false));
    pool.shutdownNow();
    boolean isInterrupted = Thread.interrupted();
    boolean isOver = false;
    while (!isOver) {
      try {
        isOver = pool.awaitTermination(1, TimeUnit.MINUTES);
      } catch (InterruptedException e) {
        isInterrupted = true;
      }
    }
    if (isInterrupted) {
      Thread.currentThread().interrupt();
    }
    for (Future<ArrowBuf> future : reading) {
      giveBack(future);
    }
    if (used != null) {
      used.close();
    }
    buffers.forEach(ArrowBuf::close);
    for (RangeReader reader : readers) {
      reader.close();
    }
  }

  private static void giveBack(Future<ArrowBuf> future) {
    try {
      if (future.isDone() && !future.isCancelled()) {
        future.get().close();
      }
    } catch (ExecutionException e) { // it is among those that are free
      return;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
