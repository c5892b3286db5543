package dev.stockpot.merge.storage.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.stockpot.merge.UserException;
import dev.stockpot.merge.storage.ByteRange;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.ObjectChangedException;
import dev.stockpot.merge.storage.ObjectStore;
import dev.stockpot.merge.storage.ObjectStoreContract;
import dev.stockpot.merge.storage.PartMemory;
import dev.stockpot.merge.storage.PartReceipt;
import dev.stockpot.merge.storage.PartSink;
import dev.stockpot.merge.storage.PartTicket;
import dev.stockpot.merge.storage.PendingFolder;
import dev.stockpot.merge.storage.RangeReader;
import dev.stockpot.merge.storage.Replaceable;
import dev.stockpot.merge.storage.StoredObject;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalStoreTest extends ObjectStoreContract {
  private final LocalStore store = new LocalStore();

  @TempDir private Path folder;

  @Override
  protected ObjectStore store() {
    return store;
  }

  @Override
  protected Location root() {
    return new Location(folder.toString());
  }

  @Override
  protected void write(Location object, byte[] bytes) throws IOException {
    Path file = Path.of(object.path());
    Files.createDirectories(file.getParent());
    Files.write(file, bytes);
  }

  private Path out() {
    return folder.resolve("out");
  }

  private PendingFolder claim(boolean overwrite) throws IOException {
    Location place = new Location(out().toString());
    return store.create(
        place, overwrite ? Replaceable.of(store.tree(place, 100)) : Replaceable.NOTHING);
  }

  @Test
  void takesFileUrisAndKeepsTheirSpelling() throws IOException {
    Files.writeString(folder.resolve("a b%20"), "text");
    Location uri = new Location("file://" + folder);

    StoredObject object = store.list(uri).get(0);
    assertThat(object.location()).isEqualTo(uri.child("a b%20"));
    try (RangeReader reader = store.open(object)) {
      ByteBuffer text = ByteBuffer.allocate(4);
      reader.read(0, text);
      assertThat(text.array()).isEqualTo("text".getBytes(UTF_8));
    }
    assertThat(store.find(new Location("file:" + folder + "/a b%20"))).isPresent();
    try (PendingFolder pending = store.create(uri.child("out"), Replaceable.NOTHING)) {
      PartTicket ticket = pending.startUpload("a", 1).ticket(1, new ByteRange(0, 1));
      assertThat(ticket.target().path()).startsWith("file:/");
      store.open(ticket, PartMemory.ANY).close();
    }
  }

  @Test
  void refusesFileUrisOfAnotherMachine() {
    assertThatThrownBy(() -> store.list(new Location("file://server/models")))
        .isInstanceOf(UserException.class)
        .hasMessage(
            "file://server/models names a machine after file://."
                + " Write file:///path for a path of this machine");
  }

  @Test
  void refusesOtherSchemes() {
    assertThatThrownBy(() -> store.list(new Location("s3a://bucket/model")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("s3a://bucket/model is not a path of this machine");
  }

  @Test
  void followsTheLinksOfADownloadCache() throws IOException {
    Files.createDirectory(folder.resolve("blobs"));
    Path blob = Files.writeString(folder.resolve("blobs/0123"), "text");
    Path snapshot = Files.createDirectory(folder.resolve("snapshot"));
    Files.createSymbolicLink(snapshot.resolve("a.safetensors"), blob);
    Files.createSymbolicLink(snapshot.resolve("gone.safetensors"), folder.resolve("blobs/gone"));

    assertThat(store.list(new Location(snapshot.toString())))
        .extracting(object -> object.location().name(), StoredObject::size)
        .containsExactly(tuple("a.safetensors", 4L));
  }

  @Test
  void aFileOfTheSameSizeButAnotherTimeHasChanged() throws IOException {
    Path file = Files.writeString(folder.resolve("a"), "text");
    Files.setLastModifiedTime(file, FileTime.fromMillis(1_000));
    StoredObject listed = store.list(root()).get(0);
    Files.setLastModifiedTime(file, FileTime.fromMillis(2_000));

    assertThatThrownBy(() -> store.open(listed))
        .isInstanceOf(ObjectChangedException.class)
        .hasMessageEndingWith(
            "a changed while it was in use: 4 bytes, mtime:1970-01-01T00:00:01Z when listed;"
                + " 4 bytes, mtime:1970-01-01T00:00:02Z now. Start again once nobody writes it");
  }

  @Test
  void anInterruptedReaderDisturbsNoOther() throws Exception {
    Files.writeString(folder.resolve("a"), "text");
    StoredObject object = store.list(root()).get(0);
    try (RangeReader interrupted = store.open(object);
        RangeReader other = store.open(object)) {
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> interrupted.read(0, ByteBuffer.allocate(4)))
          .isInstanceOf(ClosedByInterruptException.class);
      assertThat(Thread.interrupted()).isTrue();

      ByteBuffer text = ByteBuffer.allocate(4);
      other.read(0, text);
      assertThat(text.array()).isEqualTo("text".getBytes(UTF_8));
    }
  }

  @Test
  void anInterruptedPartDisturbsNoOtherAndCanBeWrittenAgain() throws Exception {
    try (PendingFolder pending = claim(false)) {
      PendingFolder.Upload upload = pending.startUpload("a", 8);
      PartTicket first = upload.ticket(1, new ByteRange(0, 4));
      PartTicket second = upload.ticket(2, new ByteRange(4, 8));
      try (PartSink interrupted = store.open(first, PartMemory.ANY);
          PartSink other = store.open(second, PartMemory.ANY)) {
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> interrupted.write(UTF_8.encode("lost")))
            .isInstanceOf(ClosedByInterruptException.class);
        assertThat(Thread.interrupted()).isTrue();

        other.write(UTF_8.encode("5678"));
        PartReceipt secondReceipt = other.finish();
        try (PartSink again = store.open(first, PartMemory.ANY)) {
          again.write(UTF_8.encode("1234"));
          upload.complete(List.of(again.finish(), secondReceipt));
        }
      }
      pending.publish();
    }
    assertThat(out().resolve("a")).hasContent("12345678");
  }
}
