package dev.stockpot.merge.storage.hadoop;

import dev.stockpot.merge.storage.PartReceipt;
import dev.stockpot.merge.storage.PartSink;
import dev.stockpot.merge.storage.PartTicket;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.arrow.memory.AllocationListener;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.memory.rounding.SegmentRoundingPolicy;

/** Gathers a part in memory, which is given back when the sink is closed, and uploads it whole. */
final class HadoopPartSink implements PartSink {
  private static final long SEGMENT_BYTES = 4096;

  /** Of the parts in flight: one for each task that is writing. */
  private static final BufferAllocator MEMORY =
      new RootAllocator(
          AllocationListener.NOOP, Long.MAX_VALUE, new SegmentRoundingPolicy(SEGMENT_BYTES));

  private final Uploads uploads;
  private final PartTicket ticket;
  private final ArrowBuf part;
  private long written;
  private boolean isOpen = true;

  HadoopPartSink(HadoopFolder target, PartTicket ticket) throws IOException {
    this.uploads = new Uploads(target);
    this.ticket = ticket;
    this.part = MEMORY.buffer(Math.max(1, ticket.range().length()));
  }

  @Override
  public void write(ByteBuffer bytes) throws IOException {
    ticket.requireRoom(written, bytes.remaining());
    int count = bytes.remaining();
    part.setBytes(written, bytes); // takes them all and moves on in the buffer
    bytes.position(bytes.limit());
    written += count;
  }

  @Override
  public PartReceipt finish() throws IOException {
    ticket.requireWhole(written);
    PartStream stream = new PartStream(part, written);
    try {
      return new PartReceipt(
          ticket, uploads.put(ticket.upload(), ticket.number(), stream, written));
    } finally {
      stream.giveUp();
    }
  }

  @Override
  public void close() {
    if (isOpen) {
      isOpen = false;
      part.close();
    }
  }
}
