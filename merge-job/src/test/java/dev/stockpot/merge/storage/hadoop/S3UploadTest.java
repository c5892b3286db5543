package dev.stockpot.merge.storage.hadoop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.merge.storage.ByteRange;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.ObjectStore;
import dev.stockpot.merge.storage.PartReceipt;
import dev.stockpot.merge.storage.PartSink;
import dev.stockpot.merge.storage.PartTicket;
import dev.stockpot.merge.storage.PendingFolder;
import dev.stockpot.merge.storage.Replaceable;
import dev.stockpot.merge.storage.StoreRequests;
import dev.stockpot.merge.storage.hadoop.S3Wire.Fault;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.OutOfMemoryException;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Parts that are uploaded while they are computed. */
class S3UploadTest {
  private static final int SIZE = 8 << 20;
  private static final int PIECE = 1 << 20;
  private static final long MOST_SECONDS = 30;
  private static final AtomicInteger TESTS = new AtomicInteger();

  private static S3Server server;
  private static ObjectStore store;

  private final byte[] bytes = new byte[SIZE];
  private final BufferAllocator memory = new RootAllocator(SIZE);
  private PendingFolder folder;
  private Location out;

  @BeforeAll
  static void start() throws Exception {
    server = new S3Server();
    store = new HadoopStore(server.entries());
  }

  @AfterAll
  static void stop() throws IOException {
    server.close();
  }

  @BeforeEach
  void claimAPlaceOfItsOwn() throws IOException {
    new Random(1).nextBytes(bytes);
    out = server.root().child("test-" + TESTS.incrementAndGet());
    folder = store.create(out, Replaceable.NOTHING);
    server.forget();
  }

  @AfterEach
  void returnEverything() throws IOException {
    server.forget();
    folder.close();
    memory.close(); // fails if a part did not return its memory
  }

  private PendingFolder.Upload startUpload() throws IOException {
    return folder.startUpload("a", SIZE);
  }

  private static PartTicket ticket(PendingFolder.Upload upload) {
    return upload.ticket(1, new ByteRange(0, SIZE));
  }

  private void write(PartSink sink, int begin, int end) throws IOException {
    for (int next = begin; next < end; next += PIECE) {
      sink.write(ByteBuffer.wrap(bytes, next, PIECE));
    }
  }

  private static boolean isPart(String request) {
    return request.startsWith("PUT ") && request.contains("partNumber=1");
  }

  private static long puts() {
    return server.requests().stream().filter(S3UploadTest::isPart).count();
  }

  private static void await(BooleanSupplier condition) {
    long end = System.nanoTime() + MOST_SECONDS * 1_000_000_000;
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("the time until it happens").isLessThan(end);
      Thread.onSpinWait();
    }
  }

  private void finish(PendingFolder.Upload upload, PartReceipt receipt) throws IOException {
    upload.complete(List.of(receipt));
    folder.publish();
    assertThat(server.read(out.child("a"))).isEqualTo(bytes);
  }

  @Test
  void aPartIsOnItsWayBeforeItIsWhole() throws IOException {
    PendingFolder.Upload upload = startUpload();
    try (PartSink sink = store.open(ticket(upload), memory)) {
      write(sink, 0, SIZE / 2);
      await(() -> puts() == 1);
      write(sink, SIZE / 2, SIZE);
      finish(upload, sink.finish());
    }
    assertThat(puts()).isEqualTo(1);
  }

  @Test
  void aConnectionThatBreaksIsMadeGoodFromMemoryWhileThePartStillGrows() throws IOException {
    StoreRequests before = store.requests();
    server.breaks(S3UploadTest::isPart, Fault.CUT_REQUEST, 1);
    PendingFolder.Upload upload = startUpload();
    try (PartSink sink = store.open(ticket(upload), memory)) {
      write(sink, 0, SIZE / 2);
      await(() -> puts() == 2);
      write(sink, SIZE / 2, SIZE);
      finish(upload, sink.finish());
    }
    StoreRequests counted = store.requests().minus(before);
    assertThat(counted.puts()).isEqualTo(1);
    assertThat(counted.all()).isGreaterThan(counted.puts());
    assertThat(counted.retries()).isEqualTo(1);
  }

  @Test
  void aStoreThatIsBusyGetsThePartAgain() throws IOException {
    server.breaks(S3UploadTest::isPart, Fault.SLOW_DOWN, 1);
    server.breaks(S3UploadTest::isPart, Fault.CUT_REQUEST, 1);
    PendingFolder.Upload upload = startUpload();
    try (PartSink sink = store.open(ticket(upload), memory)) {
      write(sink, 0, SIZE);
      finish(upload, sink.finish());
    }
    assertThat(puts()).isEqualTo(3);
  }

  @Test
  void aPartThatIsGivenUpReturnsItsMemoryAndIsNotStored() throws IOException {
    PendingFolder.Upload upload = startUpload();
    try (PartSink sink = store.open(ticket(upload), memory)) {
      write(sink, 0, SIZE / 2);
      await(() -> puts() == 1);
    }
    assertThat(memory.getAllocatedMemory()).isZero();

    try (PartSink again = store.open(ticket(upload), memory)) {
      write(again, 0, SIZE);
      finish(upload, again.finish());
    }
  }

  @Test
  void aPartTakesItsLengthOfMemoryAndNoMore() throws IOException {
    PartTicket ticket = ticket(startUpload());
    try (PartSink sink = store.open(ticket, memory)) {
      assertThat(memory.getAllocatedMemory()).isEqualTo(SIZE);
      assertThatThrownBy(() -> store.open(ticket, memory)).isInstanceOf(OutOfMemoryException.class);
      write(sink, 0, PIECE);
    }
  }
}
