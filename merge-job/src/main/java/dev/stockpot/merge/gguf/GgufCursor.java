package dev.stockpot.merge.gguf;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.stockpot.merge.storage.ByteRange;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.RangeReader;
import dev.stockpot.merge.storage.StoredObject;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.util.List;

/**
 * Goes through the header of a file, a window at a time. Nothing is taken for a size before it is
 * known to fit into what is left of the file.
 */
final class GgufCursor {
  /** Vocabularies make headers of some megabytes; a header is never most of a model. */
  private static final long MOST_HEADER_BYTES = 1L << 29;

  private static final int WINDOW_BYTES = 1 << 20;
  private static final int MOST_TEXT_BYTES = 1 << 20;

  private final StoredObject file;
  private final RangeReader reader;
  private final long end;
  private ByteBuffer window = ByteBuffer.allocate(0);
  private long windowBegin;
  private long position;

  GgufCursor(StoredObject file, RangeReader reader) {
    this.file = file;
    this.reader = reader;
    this.end = Math.min(file.size(), MOST_HEADER_BYTES);
  }

  long position() {
    return position;
  }

  /** How many bytes may follow, of the header or of the file. */
  long left() {
    return end - position;
  }

  GgufException corrupt(String what) {
    return new GgufException(
        location(), "from byte %s on, %s".formatted(position, what), GgufException.AGAIN);
  }

  private Location location() {
    return file.location();
  }

  private void require(long bytes, String what) {
    if (bytes < 0 || bytes > left()) {
      throw corrupt(
          "%s takes %s bytes, and its header can have %s more"
              .formatted(what, Long.toUnsignedString(bytes), left()));
    }
  }

  /** Some bytes, at most a window of them. */
  private ByteBuffer take(int bytes, String what) throws IOException {
    require(bytes, what);
    if (position < windowBegin || position + bytes > windowBegin + window.limit()) {
      int size = (int) Math.min(Math.max(WINDOW_BYTES, bytes), end - position);
      window = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
      reader.announce(List.of(new ByteRange(position, position + size)));
      reader.read(position, window);
      window.flip();
      windowBegin = position;
    }
    ByteBuffer taken =
        window
            .slice(Math.toIntExact(position - windowBegin), bytes)
            .order(ByteOrder.LITTLE_ENDIAN);
    position += bytes;
    return taken;
  }

  int integer(String what) throws IOException {
    return take(Integer.BYTES, what).getInt();
  }

  long wide(String what) throws IOException {
    return take(Long.BYTES, what).getLong();
  }

  /** A number of things, each of which takes some bytes at least. */
  int count(String what, int leastBytes) throws IOException {
    long count = wide(what);
    if (count < 0 || count > left() / leastBytes) {
      throw corrupt(
          "%s is %s, and %s bytes of its header are left"
              .formatted(what, Long.toUnsignedString(count), left()));
    }
    return Math.toIntExact(count);
  }

  String text(String what) throws IOException {
    int bytes = count("the length of " + what, 1);
    if (bytes > MOST_TEXT_BYTES) {
      throw corrupt(
          "the length of %s is %s, must be %s at most".formatted(what, bytes, MOST_TEXT_BYTES));
    }
    try {
      return UTF_8.newDecoder().decode(take(bytes, what)).toString();
    } catch (CharacterCodingException e) {
      throw corrupt("%s is not UTF-8".formatted(what));
    }
  }

  /** A text that is of no use: tokens need not even be UTF-8. */
  void skipText(String what) throws IOException {
    skip(count("the length of " + what, 1), what);
  }

  void skip(long bytes, String what) {
    require(bytes, what);
    position += bytes;
  }

  /** A number or a flag. */
  Object scalar(GgufValueType type, String what) throws IOException {
    ByteBuffer bytes = take(type.bytes(), what);
    return switch (type) {
      case UINT8 -> (long) Byte.toUnsignedInt(bytes.get());
      case INT8 -> (long) bytes.get();
      case UINT16 -> (long) Short.toUnsignedInt(bytes.getShort());
      case INT16 -> (long) bytes.getShort();
      case UINT32 -> Integer.toUnsignedLong(bytes.getInt());
      case INT32 -> (long) bytes.getInt();
      case UINT64, INT64 -> bytes.getLong();
      // as short as it can be spelled: 1e-5 and not 9.999999747378752e-06
      case FLOAT32 -> Double.valueOf(Float.toString(bytes.getFloat()));
      case FLOAT64 -> bytes.getDouble();
      case BOOL -> flag(bytes.get(), what);
      case STRING, ARRAY -> throw new IllegalArgumentException("%s is no scalar".formatted(type));
    };
  }

  private boolean flag(byte value, String what) {
    if (value != 0 && value != 1) {
      throw corrupt("%s is %s, must be 0 or 1".formatted(what, value));
    }
    return value == 1;
  }
}
