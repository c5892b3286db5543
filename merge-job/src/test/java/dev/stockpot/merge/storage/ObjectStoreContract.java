package dev.stockpot.merge.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What holds for every store: for what it reads, and for what it writes. */
public abstract class ObjectStoreContract extends ObjectSourceContract {
  private static final String SHARD = "model-00001-of-00001.safetensors";

  /** Enough for three parts at once. */
  private final BufferAllocator memory = new RootAllocator(32 << 20);

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

  private byte[] read(Location object) throws IOException {
    StoredObject stored = store().find(object).orElseThrow();
    ByteBuffer all = ByteBuffer.allocate((int) stored.size());
    try (RangeReader reader = store().open(stored)) {
      reader.read(0, all);
    }
    return all.array();
  }

  private List<String> names(Location folder) throws IOException {
    return store().list(folder).stream().map(object -> object.location().name()).toList();
  }

  private PartReceipt writePart(PartTicket ticket, byte[] whole) throws IOException {
    try (PartSink sink = store().open(ticket, memory)) {
      int begin = (int) ticket.range().begin();
      sink.write(ByteBuffer.wrap(whole, begin, (int) ticket.range().length()));
      return sink.finish();
    }
  }

  private List<PartTicket> tickets(PendingFolder.Upload upload, int size) {
    List<PartTicket> tickets = new ArrayList<>();
    for (int begin = 0; begin < size; begin += partSize()) {
      ByteRange range = new ByteRange(begin, Math.min(size, begin + partSize()));
      tickets.add(upload.ticket(tickets.size() + 1, range));
    }
    return tickets;
  }

  private List<PartReceipt> writeParts(PendingFolder.Upload upload, byte[] whole)
      throws IOException {
    List<PartReceipt> receipts = new ArrayList<>();
    for (PartTicket ticket : tickets(upload, whole.length)) {
      receipts.add(writePart(ticket, whole));
    }
    return receipts;
  }

  /** All that is there may go. */
  private Replaceable all() throws IOException {
    return Replaceable.of(store().tree(out(), Integer.MAX_VALUE));
  }

  private void publish(String name, byte[] content, boolean overwrite) throws IOException {
    try (PendingFolder folder = store().create(out(), overwrite ? all() : Replaceable.NOTHING)) {
      folder.put(name, ByteBuffer.wrap(content));
      folder.publish();
    }
  }

  @Test
  void removesWhatMayGoAndNothingElse() throws IOException {
    Location folder = root().child("candidates").child("one");
    try (PendingFolder pending = store().create(folder, Replaceable.NOTHING)) {
      for (String name : List.of("a", "b", "below/c", "below/d")) {
        pending.put(name, ByteBuffer.wrap(name.getBytes(UTF_8)));
      }
      pending.publish();
    }
    store().remove(folder, Replaceable.of(Set.of("a", "below/c", "not there")));
    assertThat(store().tree(folder, 100)).containsExactlyInAnyOrder("b", "below/d");
    store().remove(folder, Replaceable.of(Set.of("below/d")));
    assertThat(store().tree(folder, 100)).containsExactly("b");
    store().remove(folder, Replaceable.of(Set.of("b")));
    assertThat(store().tree(folder, 100)).isEmpty();
    store().remove(folder, Replaceable.of(Set.of("b"))); // which is gone
    assertThatThrownBy(() -> store().list(folder)).isInstanceOf(NoSuchFileException.class);
  }

  @Test
  void nothingIsVisibleUntilEverythingIsPublished() throws IOException {
    byte[] bytes = random(3 * partSize() + 1);
    try (PendingFolder folder = store().create(out(), Replaceable.NOTHING)) {
      PendingFolder.Upload upload = folder.startUpload(SHARD, bytes.length);
      folder.put("config.json", ByteBuffer.wrap(text("{}")));
      upload.complete(writeParts(upload, bytes));

      assertThat(store().find(out().child(SHARD))).isEmpty();
      assertThat(store().find(out().child("config.json"))).isEmpty();
      assertThatThrownBy(() -> store().list(out())).isInstanceOf(NoSuchFileException.class);

      folder.publish();
      assertThat(names(out())).containsExactly("config.json", SHARD);
    }
    assertThat(read(out().child(SHARD))).isEqualTo(bytes);
    assertThat(read(out().child("config.json"))).isEqualTo(text("{}"));
  }

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
  void namesThatLeadElsewhereAreRefused() throws IOException {
    try (PendingFolder folder = store().create(out(), Replaceable.NOTHING)) {
      assertThatThrownBy(() -> folder.startUpload("../model.safetensors", 1))
          .hasMessageContaining("is not a plain file name");
      assertThatThrownBy(() -> folder.put("a/../../b", ByteBuffer.allocate(1)))
          .hasMessageContaining("is not a plain file name");
      assertThatThrownBy(() -> folder.put("/a", ByteBuffer.allocate(1)))
          .hasMessageContaining("is not a plain file name");
    }
  }

  @Test
  void aSmallFileMayLieInAFolderBelow() throws IOException {
    publish("1_Pooling/config.json", text("{}"), false);

    assertThat(read(out().child("1_Pooling").child("config.json"))).isEqualTo(text("{}"));
  }

  @Test
  void anEmptyFileCanBePut() throws IOException {
    publish("empty", new byte[0], false);

    assertThat(read(out().child("empty"))).isEmpty();
  }

  @Test
  void aFolderThatIsNotPublishedLeavesNothing() throws IOException {
    try (PendingFolder folder = store().create(out(), Replaceable.NOTHING)) {
      PendingFolder.Upload upload = folder.startUpload(SHARD, 10);
      upload.complete(writeParts(upload, random(10)));
      folder.put("config.json", ByteBuffer.wrap(text("{}")));
      folder.startUpload("another.safetensors", 10);
    }

    assertThatThrownBy(() -> store().list(out())).isInstanceOf(NoSuchFileException.class);
    publish("a", text("a"), false); // and the place is free again
    assertThat(names(out())).containsExactly("a");
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

  @Test
  void aFolderThatHoldsSomethingIsNotReplacedUnasked() throws IOException {
    publish("a", text("a"), false);

    assertThatThrownBy(() -> store().create(out(), Replaceable.NOTHING))
        .isInstanceOf(OutputOccupiedException.class)
        .hasMessageContaining(out() + " is not empty")
        .hasMessageContaining("--overwrite");
    assertThat(names(out())).containsExactly("a");
  }

  @Test
  void aFolderIsReplacedAsAWholeWhenAsked() throws IOException {
    publish("a", text("a"), false);

    try (PendingFolder folder = store().create(out(), all())) {
      folder.put("b", ByteBuffer.wrap(text("b")));
      assertThat(names(out())).containsExactly("a");
      folder.publish();
    }

    assertThat(names(out())).containsExactly("b");
  }

  @Test
  void namesAllThatLiesBelowAFolder() throws IOException {
    write(out().child("a"), text("a"));
    write(out().child("below").child("deep").child("c"), text("c"));
    write(root().child("outside"), text("o"));

    assertThat(store().tree(out(), 10)).containsExactlyInAnyOrder("a", "below/deep/c");
    assertThat(store().tree(out(), 1)).hasSize(1);
    assertThat(store().tree(root().child("absent"), 10)).isEmpty();
  }

  @Test
  void whatIsForeignIsNotReplaced() throws IOException {
    write(out().child("a"), text("a"));
    write(out().child("below").child("theirs"), text("theirs"));

    assertThatThrownBy(() -> store().create(out(), Replaceable.of(List.of("a"))))
        .isInstanceOf(OutputOccupiedException.class)
        .hasMessage(
            "%s holds 1 file that Stockpot did not write, or not as now: below/theirs."
                + " Move what you need elsewhere, or name another folder; --overwrite-foreign deletes it",
            out());
    assertThat(store().tree(out(), 10)).containsExactlyInAnyOrder("a", "below/theirs");
  }

  @Test
  void whatAppearsWhileAFolderIsReplacedStays() throws IOException {
    write(out().child("a"), text("a"));
    write(out().child("report").child("page"), text("page"));

    try (PendingFolder folder = store().create(out(), all())) {
      folder.put("b", ByteBuffer.wrap(text("b")));
      write(out().child("theirs"), text("theirs"));
      write(out().child("report").child("notes"), text("notes"));
      folder.publish();
    }

    assertThat(store().tree(out(), 10)).containsExactlyInAnyOrder("b", "theirs", "report/notes");
    assertThat(read(out().child("theirs"))).isEqualTo(text("theirs"));
  }

  @Test
  void whatAppearsWhereAFileOfOursWouldLieStopsTheReplacement() throws IOException {
    write(out().child("a"), text("a"));

    try (PendingFolder folder = store().create(out(), all())) {
      folder.put("b", ByteBuffer.wrap(text("b")));
      write(out().child("b"), text("theirs"));
      assertThatThrownBy(folder::publish)
          .isInstanceOf(OutputOccupiedException.class)
          .hasMessageContaining(out() + " holds 1 file")
          .hasMessageContaining("since this merge began");
    }

    assertThat(read(out().child("a"))).isEqualTo(text("a"));
    assertThat(read(out().child("b"))).isEqualTo(text("theirs"));
  }

  @Test
  void whoGivesUpAFolderTouchesNothingInIt() throws IOException {
    write(out().child("theirs"), text("theirs"));

    store().resume(out(), Replaceable.UNTOUCHED).close();

    assertThat(read(out().child("theirs"))).isEqualTo(text("theirs"));
  }

  @Test
  void aReplacementThatIsDiscardedChangesNothing() throws IOException {
    publish("a", text("a"), false);

    try (PendingFolder folder = store().create(out(), all())) {
      folder.put("b", ByteBuffer.wrap(text("b")));
    }

    assertThat(names(out())).containsExactly("a");
  }

  @Test
  void aFileIsNotReplacedByAFolder() throws IOException {
    write(out(), text("file"));

    assertThatThrownBy(() -> store().create(out(), all()))
        .isInstanceOf(OutputOccupiedException.class)
        .hasMessageContaining(out() + " is a file");
    assertThat(read(out())).isEqualTo(text("file"));
  }

  @Test
  void twoMergesDoNotWriteOneFolder() throws IOException {
    try (PendingFolder first = store().create(out(), Replaceable.NOTHING)) {
      assertThatThrownBy(() -> store().create(out(), all()))
          .isInstanceOf(OutputOccupiedException.class)
          .hasMessageContaining("Another merge")
          .hasMessageContaining("is writing " + out());

      first.put("a", ByteBuffer.wrap(text("a"))); // the first one is not disturbed
      first.publish();
    }
    assertThat(names(out())).containsExactly("a");
  }

  @Test
  void aFolderThatIsClosedTwiceDoesNotDisturbTheNext() throws IOException {
    PendingFolder first = store().create(out(), Replaceable.NOTHING);
    first.close();
    try (PendingFolder second = store().create(out(), Replaceable.NOTHING)) {
      first.close();
      second.put("a", ByteBuffer.wrap(text("a")));
      second.publish();
    }
    assertThat(names(out())).containsExactly("a");
  }

  @Test
  void aPublishedFolderTakesNothingMore() throws IOException {
    try (PendingFolder folder = store().create(out(), Replaceable.NOTHING)) {
      folder.put("a", ByteBuffer.wrap(text("a")));
      folder.publish();

      assertThatThrownBy(() -> folder.put("b", ByteBuffer.wrap(text("b"))))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("is published or discarded");
    }
    assertThat(names(out())).containsExactly("a");
  }
}
