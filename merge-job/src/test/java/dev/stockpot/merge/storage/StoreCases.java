package dev.stockpot.merge.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.AfterEach;

/** A store, a folder that is written to it, and what is read back. */
abstract class StoreCases extends ObjectSourceContract {
  static final String SHARD = "model-00001-of-00001.safetensors";

  /** Enough for three parts at once. */
  final BufferAllocator memory = new RootAllocator(32 << 20);

  @AfterEach
  void everyPartReturnedItsMemory() {
    memory.close();
  }

  protected abstract ObjectStore store();

  @Override
  protected final ObjectSource source() {
    return store();
  }

  /** The smallest size of a part that is not the last one. */
  protected int partSize() {
    return 7;
  }

  byte[] read(Location object) throws IOException {
    StoredObject stored = store().find(object).orElseThrow();
    ByteBuffer all = ByteBuffer.allocate((int) stored.size());
    try (RangeReader reader = store().open(stored)) {
      reader.read(0, all);
    }
    return all.array();
  }

  PartReceipt writePart(PartTicket ticket, byte[] whole) throws IOException {
    try (PartSink sink = store().open(ticket, memory)) {
      int begin = (int) ticket.range().begin();
      sink.write(ByteBuffer.wrap(whole, begin, (int) ticket.range().length()));
      return sink.finish();
    }
  }

  List<PartTicket> tickets(PendingFolder.Upload upload, int size) {
    List<PartTicket> tickets = new ArrayList<>();
    for (int begin = 0; begin < size; begin += partSize()) {
      ByteRange range = new ByteRange(begin, Math.min(size, begin + partSize()));
      tickets.add(upload.ticket(tickets.size() + 1, range));
    }
    return tickets;
  }

  List<PartReceipt> writeParts(PendingFolder.Upload upload, byte[] whole) throws IOException {
    List<PartReceipt> receipts = new ArrayList<>();
    for (PartTicket ticket : tickets(upload, whole.length)) {
      receipts.add(writePart(ticket, whole));
    }
    return receipts;
  }

  /** All that is there may go. */
  Replaceable all() throws IOException {
    return Replaceable.of(store().tree(out(), Integer.MAX_VALUE));
  }

  void publish(String name, byte[] content, boolean overwrite) throws IOException {
    try (PendingFolder folder = store().create(out(), overwrite ? all() : Replaceable.NOTHING)) {
      folder.put(name, ByteBuffer.wrap(content));
      folder.publish();
    }
  }
}
