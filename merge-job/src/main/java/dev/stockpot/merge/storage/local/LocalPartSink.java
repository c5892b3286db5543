package dev.stockpot.merge.storage.local;

import dev.stockpot.merge.storage.ByteRange;
import dev.stockpot.merge.storage.PartReceipt;
import dev.stockpot.merge.storage.PartSink;
import dev.stockpot.merge.storage.PartTicket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** Writes a part at its place in the file. A part that is written again overwrites itself. */
final class LocalPartSink implements PartSink {
  private final PartTicket ticket;
  private final FileChannel channel;
  private long next;

  LocalPartSink(PartTicket ticket, FileChannel channel) {
    this.ticket = ticket;
    this.channel = channel;
    this.next = ticket.range().begin();
  }

  @Override
  public void write(ByteBuffer bytes) throws IOException {
    ticket.requireRoom(next - ticket.range().begin(), bytes.remaining());
    while (bytes.hasRemaining()) {
      int count = channel.write(Steps.next(bytes), next);
      bytes.position(bytes.position() + count);
      next += count;
    }
  }

  @Override
  public PartReceipt finish() throws IOException {
    ByteRange range = ticket.range();
    ticket.requireWhole(next - range.begin());
    return new PartReceipt(ticket, "");
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
