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
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.arrow.memory.BufferAllocator;

/**
 * A local store that takes the output of one load of inputs only when reading the next has begun.
 * The counts belong to the process.
 *
 * @param reads of one load
 * @param loads of the only part
 */
record LockstepStore(LocalStore store, int reads, int loads) implements ForwardingStore {
  private static final AtomicInteger BEGUN = new AtomicInteger();
  private static final AtomicInteger WRITTEN = new AtomicInteger();
  private static final long MOST_NANOS = 30_000_000_000L;

  static int written() {
    return WRITTEN.get();
  }

  static void reset() {
    BEGUN.set(0);
    WRITTEN.set(0);
  }

  private void awaitNextLoad() throws IOException {
    int load = WRITTEN.getAndIncrement(); // the header comes before the first
    int wanted = Math.min(load + 1, loads) * reads;
    long end = System.nanoTime() + MOST_NANOS;
    while (BEGUN.get() < wanted) {
      if (System.nanoTime() > end) {
        throw new IOException(
            "%s reads have begun when load %s is merged, should be %s"
                .formatted(BEGUN.get(), load, wanted));
      }
      Thread.onSpinWait();
    }
  }

  @Override
  public RangeReader open(StoredObject object) throws IOException {
    RangeReader reader = store.open(object);
    boolean isTask = Thread.currentThread().getName().startsWith("stockpot-read");
    return new RangeReader() {
      @Override
      public void read(long position, ByteBuffer into) throws IOException {
        if (isTask) {
          BEGUN.incrementAndGet();
        }
        reader.read(position, into);
      }

      @Override
      public void close() throws IOException {
        reader.close();
      }
    };
  }

  @Override
  public PartSink open(PartTicket ticket, BufferAllocator memory) throws IOException {
    PartSink sink = store.open(ticket, memory);
    return new PartSink() {
      @Override
      public void write(ByteBuffer bytes) throws IOException {
        awaitNextLoad();
        sink.write(bytes);
      }

      @Override
      public PartReceipt finish() throws IOException {
        return sink.finish();
      }

      @Override
      public void close() throws IOException {
        sink.close();
      }
    };
  }
}
