package dev.stockpot.merge.run;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.merge.output.Companion;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.RangeReader;
import dev.stockpot.merge.storage.StoredObject;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import org.junit.jupiter.api.Test;

/** Files that stages make are read like stored ones, by whoever plans. */
class StageFilesTest {
  private final StageFiles files = new StageFiles();

  private static Companion made(String name, String text) {
    return new Companion.Made(name, ByteBuffer.wrap(text.getBytes(UTF_8)));
  }

  @Test
  void areReadAsTheyWereMade() throws IOException {
    StoredObject file = files.keep(made("tokenizer.json", "{}"));

    assertThat(new String(file.read(files), UTF_8)).isEqualTo("{}");
    assertThat(new String(file.read(files), UTF_8)).isEqualTo("{}"); // also once more
    assertThat(files.find(file.location())).hasValue(file);
    assertThat(file.location().scheme()).isEqualTo(StageFiles.SCHEME);
    assertThat(file.location().name()).isEqualTo("tokenizer.json");
  }

  @Test
  void ofOneNameAreTwoWhereTheyDiffer() throws IOException {
    StoredObject one = files.keep(made("additional_chat_templates/a.jinja", "one"));
    StoredObject other = files.keep(made("additional_chat_templates/a.jinja", "other"));
    StoredObject again = files.keep(made("additional_chat_templates/a.jinja", "one"));

    assertThat(one).isEqualTo(again).isNotEqualTo(other);
    assertThat(new String(one.read(files), UTF_8)).isEqualTo("one");
  }

  @Test
  void areReadInRanges() throws IOException {
    StoredObject file = files.keep(made("a", "0123456789"));
    ByteBuffer some = ByteBuffer.allocate(4);
    try (RangeReader reader = files.open(file)) {
      reader.read(3, some);

      assertThat(new String(some.array(), UTF_8)).isEqualTo("3456");
      assertThatThrownBy(() -> reader.read(7, ByteBuffer.allocate(4)))
          .isInstanceOf(EOFException.class);
    }
  }

  @Test
  void thatNobodyMadeAreNotThere() {
    Location place = new Location("stage:/0/a");

    assertThat(files.find(place)).isEmpty();
    assertThatThrownBy(() -> files.open(new StoredObject(place, 1, "")))
        .isInstanceOf(NoSuchFileException.class);
    assertThatThrownBy(() -> files.list(place)).isInstanceOf(NoSuchFileException.class);
    assertThatThrownBy(() -> files.folders(place)).isInstanceOf(NoSuchFileException.class);
  }

  @Test
  void areNotSentToTasks() throws IOException, ClassNotFoundException {
    StoredObject file = files.keep(made("tokenizer.json", "x".repeat(10_000)));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(files);
    }

    assertThat(bytes.size()).isLessThan(1_000);
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      assertThat(((StageFiles) in.readObject()).find(file.location())).isEmpty();
    }
  }
}
