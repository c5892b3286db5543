package dev.stockpot.merge.run;

import dev.stockpot.merge.storage.ByteRange;
import dev.stockpot.merge.storage.ObjectStore;
import dev.stockpot.merge.storage.PartReceipt;
import dev.stockpot.merge.storage.PartSink;
import dev.stockpot.merge.storage.PendingFolder;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;

/** An object of known size that is written from its beginning to its end, part by part. */
final class StoredStream implements Closeable {
  private static final long LEAST_PART = 64L << 20;

  /** Stores take ten thousand of an object. */
  private static final long MOST_PARTS = 9_000;

  private final ObjectStore store;
  private final PendingFolder.Upload upload;
  private final long size;
  private final long partBytes;
  private final BufferAllocator memory = new RootAllocator();
  private final List<PartReceipt> receipts = new ArrayList<>();
  private Optional<PartSink> sink = Optional.empty();
  private long written;
  private long partEnd;

  StoredStream(ObjectStore store, PendingFolder.Upload upload, long size) {
    this.store = store;
    this.upload = upload;
    this.size = size;
    this.partBytes = Math.max(LEAST_PART, (size + MOST_PARTS - 1) / MOST_PARTS);
  }

  void write(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      if (sink.isEmpty()) {
        partEnd = Math.min(size, written + partBytes);
        ByteRange range = new ByteRange(written, partEnd);
        sink = Optional.of(store.open(upload.ticket(receipts.size() + 1, range), memory));
      }
      int count = (int) Math.min(bytes.remaining(), partEnd - written);
      sink.get().write(bytes.slice(bytes.position(), count));
      bytes.position(bytes.position() + count);
      written += count;
      if (written == partEnd) {
        endPart();
      }
    }
  }

  private void endPart() throws IOException {
    try (PartSink part = sink.orElseThrow()) {
      receipts.add(part.finish());
    } finally {
      sink = Optional.empty();
    }
  }

  /** All of it is written. */
  void finish() throws IOException {
    upload.complete(receipts);
  }

  @Override
  public void close() throws IOException {
    try {
      if (sink.isPresent()) {
        sink.get().close();
      }
    } finally {
      memory.close();
    }
  }
}
