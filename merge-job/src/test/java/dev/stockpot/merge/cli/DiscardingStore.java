package dev.stockpot.merge.cli;

import dev.stockpot.merge.storage.ByteRange;
import dev.stockpot.merge.storage.ForwardingStore;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.PartReceipt;
import dev.stockpot.merge.storage.PartSink;
import dev.stockpot.merge.storage.PartTicket;
import dev.stockpot.merge.storage.PendingFolder;
import dev.stockpot.merge.storage.Replaceable;
import dev.stockpot.merge.storage.local.LocalStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;

/**
 * Reads files of this machine, and gathers each part in memory as an upload does, but sends it
 * nowhere.
 */
record DiscardingStore(LocalStore store) implements ForwardingStore {

  @Override
  public PendingFolder create(Location folder, Replaceable replaceable) {
    return new Pending(folder);
  }

  @Override
  public PendingFolder resume(Location folder, Replaceable replaceable) {
    return new Pending(folder);
  }

  @Override
  public PartSink open(PartTicket ticket, BufferAllocator memory) {
    return new Sink(ticket, memory.buffer(ticket.range().length()));
  }

  private record Pending(Location folder) implements PendingFolder {
    @Override
    public Optional<String> predecessor() {
      return Optional.empty();
    }

    @Override
    public Optional<String> successor() {
      return Optional.empty();
    }

    @Override
    public void requireOurs() {}

    @Override
    public Map<String, ByteBuffer> journal() {
      return Map.of();
    }

    @Override
    public void note(String name, ByteBuffer entry) {
      entry.position(entry.limit());
    }

    @Override
    public Optional<Upload> continueUpload(String name, long size, String id) {
      return Optional.empty();
    }

    @Override
    public boolean keep() {
      return false;
    }

    @Override
    public Upload startUpload(String name, long size) {
      return new Discarded(folder.child(name));
    }

    @Override
    public void put(String name, ByteBuffer content) {
      content.position(content.limit());
    }

    @Override
    public void publish() {}

    @Override
    public void close() {}
  }

  private record Discarded(Location object) implements PendingFolder.Upload {
    @Override
    public String id() {
      return object.name();
    }

    @Override
    public void abort() {}

    @Override
    public PartTicket ticket(int number, ByteRange range) {
      return new PartTicket(object, "discarded", number, range);
    }

    @Override
    public void complete(List<PartReceipt> parts) {}
  }

  private static final class Sink implements PartSink {
    private final PartTicket ticket;
    private final ArrowBuf part;
    private long written;

    Sink(PartTicket ticket, ArrowBuf part) {
      this.ticket = ticket;
      this.part = part;
    }

    @Override
    public void write(ByteBuffer bytes) throws IOException {
      ticket.requireRoom(written, bytes.remaining());
      int count = bytes.remaining();
      part.setBytes(written, bytes);
      bytes.position(bytes.limit());
      written += count;
    }

    @Override
    public PartReceipt finish() throws IOException {
      ticket.requireWhole(written);
      return new PartReceipt(ticket, "");
    }

    @Override
    public void close() {
      part.close();
    }
  }
}
