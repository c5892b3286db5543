package dev.stockpot.merge.storage.hadoop;

import dev.stockpot.merge.DaemonThreads;
import dev.stockpot.merge.storage.PartReceipt;
import dev.stockpot.merge.storage.PartSink;
import dev.stockpot.merge.storage.PartTicket;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;

/**
 * Gathers a part in memory, and uploads it while it still grows: one request, whose body waits for
 * bytes that are not there yet, so that little is left to send when the last is computed. What was
 * sent stays in memory until the store has answered; if a connection breaks it is sent again.
 *
 * <p>Only S3 gets parts that way. On other file systems an upload is a file, which the next try of
 * a task must not meet half-written: there it begins when the part is whole.
 */
final class HadoopPartSink implements PartSink {
  /** One thread for each part in flight; it waits for Hadoop's own, of which there are fewer. */
  private static final ExecutorService UPLOADS =
      Executors.newCachedThreadPool(new DaemonThreads("stockpot-upload"));

  private final Uploads uploads;
  private final PartTicket ticket;
  private final ArrowBuf part;
  private final PartStream stream;
  private final boolean isS3;
  private CompletableFuture<String> upload;
  private long written;
  private boolean isOpen = true;

  HadoopPartSink(HadoopFolder target, PartTicket ticket, BufferAllocator memory)
      throws IOException {
    this.uploads = new Uploads(target);
    this.ticket = ticket;
    this.isS3 = target.isS3();
    this.part = memory.buffer(Math.max(1, ticket.range().length()));
    this.stream = new PartStream(part, ticket.range().length());
  }

  /**
   * Takes the bytes.
   *
   * @throws IOException also if the upload has failed meanwhile: what is computed from now on would
   *     be for nothing
   */
  @Override
  public void write(ByteBuffer bytes) throws IOException {
    ticket.requireRoom(written, bytes.remaining());
    int count = bytes.remaining();
    part.setBytes(written, bytes); // takes them all and moves on in the buffer
    bytes.position(bytes.limit());
    written += count;
    stream.growTo(written);
    if (upload == null && isS3) {
      upload = begin();
    } else if (upload != null && upload.isCompletedExceptionally()) {
      Waiting.until(upload);
    }
  }

  private CompletableFuture<String> begin() {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return uploads.put(ticket.upload(), ticket.number(), stream, ticket.range().length());
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        },
        UPLOADS);
  }

  @Override
  public PartReceipt finish() throws IOException {
    ticket.requireWhole(written);
    if (upload == null) {
      upload = begin();
    }
    return new PartReceipt(ticket, Waiting.until(upload));
  }

  /** Gives the memory back, whether or not the upload is over: it cannot read from it any more. */
  @Override
  public void close() {
    if (isOpen) {
      isOpen = false;
      stream.giveUp();
      part.close();
    }
  }
}
