package dev.stockpot.merge.run;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.stockpot.merge.UserException;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.ObjectSource;
import dev.stockpot.merge.storage.RangeReader;
import dev.stockpot.merge.storage.StoredObject;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Reads what people write: recipes and settings, on any store. */
final class SmallText {
  private static final int MOST_BYTES = 10 << 20;

  private SmallText() {}

  /**
   * The text of an object.
   *
   * @param what it should be, for whoever named another one
   * @throws UserException if it is no UTF-8, or too large to be written by hand
   */
  static String read(ObjectSource store, Location location, String what) throws IOException {
    StoredObject object =
        store.find(location).orElseThrow(() -> new NoSuchFileException(location.path()));
    if (object.size() > MOST_BYTES) {
      throw new UserException(
          "%s has %s bytes. Is it %s?".formatted(location, object.size(), what));
    }
    ByteBuffer bytes = ByteBuffer.allocate((int) object.size());
    try (RangeReader reader = store.open(object)) {
      reader.read(0, bytes);
    }
    return text(bytes.flip(), location.path(), what);
  }

  /** The same of a file of this machine, which may be a pipe, or a device without an end. */
  static String read(Path file, String what) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(MOST_BYTES + 1);
      if (bytes.length > MOST_BYTES) {
        throw new UserException(
            "%s has more than %s bytes. Is it %s?".formatted(file, MOST_BYTES, what));
      }
      return text(ByteBuffer.wrap(bytes), file.toString(), what);
    }
  }

  private static String text(ByteBuffer bytes, String name, String what) {
    try {
      return UTF_8.newDecoder().decode(bytes).toString();
    } catch (CharacterCodingException e) {
      throw new UserException("%s is not UTF-8 text. Is it %s?".formatted(name, what), e);
    }
  }
}
