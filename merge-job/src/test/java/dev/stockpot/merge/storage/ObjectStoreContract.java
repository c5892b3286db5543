package dev.stockpot.merge.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What holds for every store: for what it reads, and for what it writes. */
public abstract class ObjectStoreContract extends PartContract {
  private List<String> names(Location folder) throws IOException {
    return store().list(folder).stream().map(object -> object.location().name()).toList();
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
            "%s holds 1 file that Stockpot did not write, or not as now: below/theirs. Move what"
                + " you need elsewhere, or name another folder; --overwrite-foreign deletes it",
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
