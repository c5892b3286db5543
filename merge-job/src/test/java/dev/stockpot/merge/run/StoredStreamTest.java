package dev.stockpot.merge.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.merge.storage.ByteRange;
import dev.stockpot.merge.storage.ForwardingStore;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.MemoryStore;
import dev.stockpot.merge.storage.ObjectStore;
import dev.stockpot.merge.storage.PartReceipt;
import dev.stockpot.merge.storage.PartSink;
import dev.stockpot.merge.storage.PartTicket;
import dev.stockpot.merge.storage.PendingFolder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Streams are cut into parts that stores take, in order, and leave nothing open. */
class StoredStreamTest {
  private static final int MIB = 1 << 20;
  private static final long PART = 64L * MIB;

  private final Parts store = new Parts();
  private final List<PartReceipt> completed = new ArrayList<>();

  /** Takes parts, and keeps no byte of them but the first. */
  private static final class Parts implements ForwardingStore {
    final List<PartTicket> tickets = new ArrayList<>();
    final List<Byte> firsts = new ArrayList<>();
    int open;
    long failsAt = Long.MAX_VALUE;

    @Override
    public ObjectStore store() {
      return new MemoryStore();
    }

    @Override
    public PartSink open(PartTicket ticket, BufferAllocator memory) {
      tickets.add(ticket);
      open++;
      return new Sink(ticket, memory.buffer(16));
    }

    private final class Sink implements PartSink {
      private final PartTicket ticket;
      private final ArrowBuf buffer;
      private long written;

      Sink(PartTicket ticket, ArrowBuf buffer) {
        this.ticket = ticket;
        this.buffer = buffer;
      }

      @Override
      public void write(ByteBuffer bytes) throws IOException {
        ticket.requireRoom(written, bytes.remaining());
        if (written == 0) {
          firsts.add(bytes.get(bytes.position()));
        }
        written += bytes.remaining();
        if (ticket.range().begin() + written > failsAt) {
          throw new IOException("no answer");
        }
      }

      @Override
      public PartReceipt finish() throws IOException {
        ticket.requireWhole(written);
        return new PartReceipt(ticket, "tag " + ticket.number());
      }

      @Override
      public void close() {
        buffer.close();
        open--;
      }
    }
  }

  private StoredStream stream(long size) {
    return new StoredStream(
        store,
        new PendingFolder.Upload() {
          @Override
          public String id() {
            return "upload";
          }

          @Override
          public PartTicket ticket(int number, ByteRange range) {
            return new PartTicket(new Location("s3://b/a"), "upload", number, range);
          }

          @Override
          public void complete(List<PartReceipt> receipts) throws IOException {
            PartReceipt.requireWhole("upload", size, receipts);
            completed.addAll(receipts);
          }

          @Override
          public void abort() {}
        },
        size);
  }

  private static void write(StoredStream stream, int pieces, int bytes) throws IOException {
    for (int i = 0; i < pieces; i++) {
      ByteBuffer piece = ByteBuffer.allocate(bytes);
      Arrays.fill(piece.array(), (byte) i);
      stream.write(piece);
      assertThat(piece.hasRemaining()).isFalse();
    }
  }

  private static Byte[] bytes(int... values) {
    return Arrays.stream(values).mapToObj(value -> (byte) value).toArray(Byte[]::new);
  }

  @Test
  void piecesAreJoinedAndCutWhereAPartEnds() throws IOException {
    long size = 15L * 9 * MIB;
    try (StoredStream stream = stream(size)) {
      write(stream, 15, 9 * MIB);
      stream.finish();
    }
    assertThat(store.tickets)
        .extracting(PartTicket::range)
        .containsExactly(
            new ByteRange(0, PART), new ByteRange(PART, 2 * PART), new ByteRange(2 * PART, size));
    assertThat(store.tickets).extracting(PartTicket::number).containsExactly(1, 2, 3);
    assertThat(store.firsts).as("pieces that parts begin in").containsExactly(bytes(0, 7, 14));
    assertThat(completed).extracting(PartReceipt::ticket).containsExactlyElementsOf(store.tickets);
    assertThat(store.open).isZero();
  }

  @Test
  void aPieceMayHoldSeveralParts() throws IOException {
    try (StoredStream stream = stream(129L * MIB)) {
      write(stream, 63, MIB);
      write(stream, 1, 66 * MIB);
      stream.finish();
    }
    assertThat(completed).hasSize(3);
    assertThat(store.open).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "5, 5",
    "67108864, 67108864",
    "67108865, 67108864",
    "603979776000, 67108864", // 9,000 parts of 64 MiB
    "603979776001, 67108865",
    "5497558138880, 610839794", // 5 TiB, which is the largest object of S3
  })
  void partsAreSoLargeThatAStoreTakesAllOfThem(long size, long part) throws IOException {
    try (StoredStream stream = stream(size)) {
      write(stream, 1, 1);
    }
    assertThat(store.tickets.get(0).range()).isEqualTo(new ByteRange(0, part));
    assertThat((size + part - 1) / part).isLessThan(10_000);
    assertThat(store.open).isZero();
    assertThat(completed).isEmpty();
  }

  @Test
  void aPartThatFailsIsClosedAndNothingIsComplete() {
    store.failsAt = 100L * MIB;
    assertThatThrownBy(
            () -> {
              try (StoredStream stream = stream(3 * PART)) {
                write(stream, 192, MIB);
                stream.finish();
              }
            })
        .isInstanceOf(IOException.class)
        .hasMessage("no answer");
    assertThat(store.tickets).hasSize(2);
    assertThat(store.open).isZero();
    assertThat(completed).isEmpty();
  }

  @Test
  void whatIsShorterThanItWasToBeIsNotComplete() {
    assertThatThrownBy(
            () -> {
              try (StoredStream stream = stream(PART + 2)) {
                write(stream, 64, MIB);
                write(stream, 1, 1);
                stream.finish();
              }
            })
        .isInstanceOf(IOException.class)
        .hasMessageContaining(
            "the parts of upload upload end at byte 67108864, the object at 67108866");
    assertThat(store.open).isZero();
  }
}
