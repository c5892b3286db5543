package dev.stockpot.merge.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** What any store promises of the parts of an upload. */
abstract class PartContract extends StoreCases {
  @Test
  void partsAreWrittenInAnyOrderByManyThreadsWithTicketsThatTravel() throws Exception {
    byte[] bytes = random(9 * partSize() + 3);
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try (PendingFolder folder = store().create(out(), Replaceable.NOTHING)) {
      PendingFolder.Upload upload = folder.startUpload(SHARD, bytes.length);
      List<Callable<PartReceipt>> tasks = new ArrayList<>();
      for (PartTicket ticket : tickets(upload, bytes.length)) {
        PartTicket travelled = (PartTicket) serialized(ticket);
        tasks.add(() -> (PartReceipt) serialized(writePart(travelled, bytes)));
      }
      Collections.reverse(tasks);
      List<PartReceipt> receipts = new ArrayList<>();
      for (Future<PartReceipt> receipt : threads.invokeAll(tasks)) {
        receipts.add(0, receipt.get());
      }
      upload.complete(receipts);
      folder.publish();
    } finally {
      threads.shutdownNow();
    }
    assertThat(read(out().child(SHARD))).isEqualTo(bytes);
  }

  @Test
  void aPartThatWasAbandonedIsWrittenAgain() throws IOException {
    byte[] bytes = random(2 * partSize());
    try (PendingFolder folder = store().create(out(), Replaceable.NOTHING)) {
      PendingFolder.Upload upload = folder.startUpload(SHARD, bytes.length);
      try (PartSink abandoned = store().open(tickets(upload, bytes.length).get(1), memory)) {
        abandoned.write(ByteBuffer.wrap(new byte[] {1, 2, 3}));
      }
      writeParts(upload, random(bytes.length)); // an attempt whose receipts got lost
      upload.complete(writeParts(upload, bytes));
      folder.publish();
    }
    assertThat(read(out().child(SHARD))).isEqualTo(bytes);
  }

  @Test
  void aPartIsGatheredFromPiecesInDirectAndHeapBuffers() throws IOException {
    byte[] bytes = random(3_000_000);
    try (PendingFolder folder = store().create(out(), Replaceable.NOTHING)) {
      PendingFolder.Upload upload = folder.startUpload(SHARD, bytes.length);
      try (PartSink sink = store().open(upload.ticket(1, new ByteRange(0, bytes.length)), memory)) {
        sink.write(ByteBuffer.wrap(bytes, 0, 2_000_000));
        sink.write(ByteBuffer.allocateDirect(1_000_000).put(bytes, 2_000_000, 1_000_000).flip());
        upload.complete(List.of(sink.finish()));
      }
      folder.publish();
    }
    assertThat(read(out().child(SHARD))).isEqualTo(bytes);
  }

  @Test
  void aPartTakesNoMoreThanItsRange() throws IOException {
    try (PendingFolder folder = store().create(out(), Replaceable.NOTHING)) {
      PendingFolder.Upload upload = folder.startUpload(SHARD, 10);
      try (PartSink sink = store().open(upload.ticket(1, new ByteRange(0, 10)), memory)) {
        sink.write(ByteBuffer.allocate(9));

        assertThatThrownBy(() -> sink.write(ByteBuffer.allocate(2)))
            .isInstanceOf(IOException.class)
            .hasMessageContaining("part 1 of")
            .hasMessageContaining("gets 11 bytes, but has only 10");
      }
    }
  }

  @Test
  void aPartThatIsTooShortIsNotFinished() throws IOException {
    try (PendingFolder folder = store().create(out(), Replaceable.NOTHING)) {
      PendingFolder.Upload upload = folder.startUpload(SHARD, 10);
      try (PartSink sink = store().open(upload.ticket(1, new ByteRange(0, 10)), memory)) {
        sink.write(ByteBuffer.allocate(9));

        assertThatThrownBy(sink::finish)
            .isInstanceOf(IOException.class)
            .hasMessageContaining("got 9 bytes, but has 10");
      }
    }
  }

  @Test
  void aPartLiesWithinItsObject() throws IOException {
    try (PendingFolder folder = store().create(out(), Replaceable.NOTHING)) {
      PendingFolder.Upload upload = folder.startUpload(SHARD, 100);

      assertThatThrownBy(() -> upload.ticket(1, new ByteRange(90, 101)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(SHARD);
    }
  }

  @Test
  void anUploadWithAMissingPartIsNotCompleted() throws IOException {
    byte[] bytes = random(3 * partSize());
    try (PendingFolder folder = store().create(out(), Replaceable.NOTHING)) {
      PendingFolder.Upload upload = folder.startUpload(SHARD, bytes.length);
      List<PartReceipt> receipts = writeParts(upload, bytes);

      assertThatThrownBy(() -> upload.complete(receipts.subList(0, 2)))
          .isInstanceOf(IOException.class)
          .hasMessageContaining(
              "end at byte %s, the object at %s".formatted(2 * partSize(), bytes.length));
      assertThatThrownBy(() -> upload.complete(List.of(receipts.get(0), receipts.get(2))))
          .isInstanceOf(IOException.class)
          .hasMessageContaining(
              "does not follow the part before, which ends at byte " + partSize());
      assertThatThrownBy(() -> upload.complete(List.of(receipts.get(0), receipts.get(0))))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("does not follow the part before");
    }
  }

  @Test
  void aReceiptOfAnotherUploadIsRefused() throws IOException {
    byte[] bytes = random(partSize());
    try (PendingFolder folder = store().create(out(), Replaceable.NOTHING)) {
      PendingFolder.Upload upload = folder.startUpload(SHARD, bytes.length);
      PendingFolder.Upload other = folder.startUpload("other.safetensors", bytes.length);
      List<PartReceipt> others = writeParts(other, bytes);

      assertThatThrownBy(() -> upload.complete(others))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("is not of upload");
    }
  }

  @Test
  void aFolderWithAnUnfinishedUploadIsNotPublished() throws IOException {
    try (PendingFolder folder = store().create(out(), Replaceable.NOTHING)) {
      folder.startUpload(SHARD, 100);

      assertThatThrownBy(folder::publish)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("lacks parts");
    }
    assertThatThrownBy(() -> store().list(out())).isInstanceOf(NoSuchFileException.class);
  }

  @Test
  void aPartOfADiscardedFolderCannotBeFinished() throws IOException {
    PartTicket ticket;
    try (PendingFolder folder = store().create(out(), Replaceable.NOTHING)) {
      ticket = folder.startUpload(SHARD, 10).ticket(1, new ByteRange(0, 10));
    }

    assertThatThrownBy(() -> writePart(ticket, random(10))).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> store().list(out())).isInstanceOf(NoSuchFileException.class);
  }
}
