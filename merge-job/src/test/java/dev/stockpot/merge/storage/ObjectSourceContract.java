package dev.stockpot.merge.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What holds for every source of objects, whether anything can be written there or not. */
public abstract class ObjectSourceContract {
  protected abstract ObjectSource source();

  /** A place of its own for each test, where nothing is yet. */
  protected abstract Location root();

  /** Puts an object there by other means than the source's. */
  protected abstract void write(Location object, byte[] bytes) throws IOException;

  final Location out() {
    return root().child("out");
  }

  static byte[] text(String text) {
    return text.getBytes(UTF_8);
  }

  static byte[] random(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }

  @Test
  void listsTheObjectsOfAFolderByNameWithoutThoseBelow() throws IOException {
    write(out().child("b"), text("bb"));
    write(out().child("a"), text("a"));
    write(out().child("below").child("c"), text("c"));
    write(root().child("outside"), text("o"));

    List<StoredObject> objects = source().list(out());

    assertThat(objects)
        .extracting(StoredObject::location)
        .containsExactly(out().child("a"), out().child("b"));
    assertThat(objects).extracting(StoredObject::size).containsExactly(1L, 2L);
  }

  @Test
  void listsTheFoldersOfAFolderByName() throws IOException {
    write(out().child("b").child("object"), text("b"));
    write(out().child("a").child("below").child("object"), text("a"));
    write(out().child("file"), text("f"));

    assertThat(source().folders(out())).containsExactly(out().child("a"), out().child("b"));
    assertThatThrownBy(() -> source().folders(root().child("absent")))
        .isInstanceOf(NoSuchFileException.class);
  }

  @Test
  void aMissingFolderCannotBeListed() {
    assertThatThrownBy(() -> source().list(out()))
        .isInstanceOf(NoSuchFileException.class)
        .hasMessageContaining(out().path());
  }

  @Test
  void anObjectIsNoFolderToList() throws IOException {
    write(out(), text("file"));

    assertThatThrownBy(() -> source().list(out())).isInstanceOf(NoSuchFileException.class);
  }

  @Test
  void findsAnObjectAsItIsListed() throws IOException {
    write(out().child("a"), text("a"));

    assertThat(source().find(out().child("a"))).contains(source().list(out()).get(0));
  }

  @Test
  void findsNeitherAMissingObjectNorAFolder() throws IOException {
    write(out().child("a"), text("a"));

    assertThat(source().find(out().child("b"))).isEmpty();
    assertThat(source().find(out().child("a").child("b"))).isEmpty();
    assertThat(source().find(out())).isEmpty();
  }

  @Test
  void readsAnyRangeIntoTheRestOfAnyBuffer() throws IOException {
    byte[] bytes = random(3_000_000);
    write(out().child("a"), bytes);
    StoredObject object = source().find(out().child("a")).orElseThrow();

    try (RangeReader reader = source().open(object)) {
      for (ByteBuffer into :
          List.of(ByteBuffer.allocateDirect(2_500_010), ByteBuffer.allocate(2_500_010))) {
        into.position(3).limit(2_500_003);
        reader.read(499_999, into);

        assertThat(into.position()).isEqualTo(2_500_003);
        byte[] read = new byte[2_500_000];
        into.get(3, read);
        assertThat(read).isEqualTo(Arrays.copyOfRange(bytes, 499_999, 2_999_999));
      }
    }
  }

  @Test
  void readsASmallObjectAsAWhole() throws IOException {
    write(out().child("a"), text("abc"));
    write(out().child("b"), new byte[0]);

    assertThat(source().list(out()).get(0).read(source())).isEqualTo(text("abc"));
    assertThat(source().list(out()).get(1).read(source())).isEmpty();
  }

  @Test
  void readsNothingAtTheEnd() throws IOException {
    write(out().child("a"), text("abc"));

    try (RangeReader reader = source().open(source().list(out()).get(0))) {
      reader.read(3, ByteBuffer.allocate(0));
    }
  }

  @Test
  void readingPastTheEndFails() throws IOException {
    write(out().child("a"), text("abc"));

    try (RangeReader reader = source().open(source().list(out()).get(0))) {
      assertThatThrownBy(() -> reader.read(1, ByteBuffer.allocate(3)))
          .isInstanceOf(EOFException.class)
          .hasMessageContaining(out().child("a").path());
    }
  }

  @Test
  void aMissingObjectCannotBeOpened() {
    StoredObject gone = new StoredObject(out().child("a"), 3, "");

    assertThatThrownBy(() -> source().open(gone))
        .isInstanceOf(NoSuchFileException.class)
        .hasMessageContaining("out/a");
  }

  @Test
  void anObjectOfAnotherSizeHasChanged() throws IOException {
    write(out().child("a"), text("abc"));
    StoredObject listed = source().list(out()).get(0);
    write(out().child("a"), text("abcd"));

    assertThatThrownBy(
            () -> {
              try (RangeReader reader = source().open(listed)) {
                reader.read(0, ByteBuffer.allocate(3));
              }
            })
        .isInstanceOf(ObjectChangedException.class)
        .hasMessageContaining("out/a changed while it was in use: 3 bytes")
        .hasMessageContaining("Start again once nobody writes it");
  }

  @Test
  void travelsToTasksAndSeesTheSameThere() throws Exception {
    write(out().child("a"), text("a"));

    ObjectSource travelled = (ObjectSource) serialized(source());

    assertThat(travelled.list(out())).isEqualTo(source().list(out()));
    assertThat(travelled.readsSideBySide(out().child("a")))
        .isEqualTo(source().readsSideBySide(out().child("a")));
  }

  static Object serialized(Object value) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(value);
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      return in.readObject();
    }
  }
}
