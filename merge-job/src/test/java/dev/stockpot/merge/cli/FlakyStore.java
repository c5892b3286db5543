package dev.stockpot.merge.cli;

import dev.stockpot.merge.storage.ForwardingStore;
import dev.stockpot.merge.storage.PartReceipt;
import dev.stockpot.merge.storage.PartSink;
import dev.stockpot.merge.storage.PartTicket;
import dev.stockpot.merge.storage.RangeReader;
import dev.stockpot.merge.storage.StoredObject;
import dev.stockpot.merge.storage.local.LocalStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.arrow.memory.BufferAllocator;

/**
 * A local store that fails tasks, as disks, networks and killers of processes do. The counts belong
 * to the process: every task works with a copy of the store.
 *
 * @param isBroken whether writing fails always, and not only at the first try of each part
 */
record FlakyStore(LocalStore store, boolean isBroken) implements ForwardingStore {
  private static final Set<String> TRIED = ConcurrentHashMap.newKeySet();
  private static final AtomicInteger READS = new AtomicInteger();
  private static final AtomicInteger FAILURES = new AtomicInteger();

  /** What failed since the last call of {@link #reset}. */
  static int failures() {
    return FAILURES.get();
  }

  static void reset() {
    TRIED.clear();
    READS.set(0);
    FAILURES.set(0);
  }

  @Override
  public RangeReader open(StoredObject object) throws IOException {
    boolean isTask = Thread.currentThread().getName().startsWith("stockpot-read");
    int read = isTask ? READS.incrementAndGet() : 0;
    if (read == 2 || read == 5) { // a task is tried four times, and its writing fails, too
      throw failure("reading " + object.location());
    }
    return store.open(object);
  }

  @Override
  public PartSink open(PartTicket ticket, BufferAllocator memory) throws IOException {
    if (!isBroken && !TRIED.add(ticket.upload() + ticket)) {
      return store.open(ticket, memory);
    }
    return switch (ticket.number() % 3) {
      case 0 -> throw failure("opening " + ticket);
      case 1 -> new FailingSink(store.open(ticket, memory), ticket);
      default -> {
        FAILURES.incrementAndGet();
        Thread.currentThread().interrupt(); // what a killed task meets in the midst of its work
        yield store.open(ticket, memory);
      }
    };
  }

  private static IOException failure(String what) {
    FAILURES.incrementAndGet();
    return new IOException("the disk hiccuped while " + what);
  }

  /** Writes other bytes than it is given, and fails at the end. */
  private record FailingSink(PartSink sink, PartTicket ticket) implements PartSink {
    @Override
    public void write(ByteBuffer bytes) throws IOException {
      sink.write(ByteBuffer.allocate(bytes.remaining()));
      bytes.position(bytes.limit());
    }

    @Override
    public PartReceipt finish() throws IOException {
      throw failure("finishing " + ticket);
    }

    @Override
    public void close() throws IOException {
      sink.close();
    }
  }
}
