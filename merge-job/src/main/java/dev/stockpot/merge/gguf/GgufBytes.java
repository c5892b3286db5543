package dev.stockpot.merge.gguf;

import dev.stockpot.merge.storage.Location;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The beginning of a GGUF file, read in the order of its specification. */
final class GgufBytes {
  static final String REMEDY = "Fetch the file again";

  /** The widest that a value of each type is; strings and arrays have lengths of their own. */
  private static final int[] WIDTHS = {1, 1, 2, 2, 4, 4, 4, 1, -1, -1, 8, 8, 8};

  private static final int U32 = 4;
  private static final int STRING = 8;
  private static final int ARRAY = 9;
  private static final int MOST_TEXT = 1 << 20;
  private static final long MOST_ELEMENTS = 1 << 20;

  private final Location file;
  private final ByteBuffer bytes;

  GgufBytes(Location file, ByteBuffer bytes) {
    this.file = file;
    this.bytes = bytes.order(ByteOrder.LITTLE_ENDIAN);
  }

  int position() {
    return bytes.position();
  }

  int u32() {
    return need(4).getInt();
  }

  long u64() {
    return need(8).getLong();
  }

  /** A number of things, each of which takes some bytes of what follows. */
  long count(String what, long most) {
    long count = u64();
    if (count < 0 || count > most) {
      throw corrupt("there are %s %s, at most %s".formatted(Long.toUnsignedString(count), what, most));
    }
    return count;
  }

  String text() {
    int length = (int) count("bytes in a text", MOST_TEXT);
    byte[] text = new byte[length];
    need(length).get(text);
    return new String(text, StandardCharsets.UTF_8);
  }

  /** A value, if it is text or a list of texts: then these. All others are passed over. */
  Optional<List<String>> value() {
    return value(u32());
  }

  /** A value that must be a number of 32 bits above 0. */
  long number(String key) {
    int type = u32();
    int number = type == U32 ? u32() : 0;
    if (number <= 0) {
      throw corrupt("%s is no number above 0".formatted(key));
    }
    return number;
  }

  private Optional<List<String>> value(int type) {
    if (type == STRING) {
      return Optional.of(List.of(text()));
    }
    if (type == ARRAY) {
      return array();
    }
    skip(width(type));
    return Optional.empty();
  }

  private Optional<List<String>> array() {
    int type = u32();
    long count = count("elements in a list", MOST_ELEMENTS);
    if (type == STRING) {
      List<String> texts = new ArrayList<>();
      for (long i = 0; i < count; i++) {
        texts.add(text());
      }
      return Optional.of(texts);
    }
    skip(width(type) * count); // no lists of lists are written
    return Optional.empty();
  }

  private long width(int type) {
    if (type < 0 || type >= WIDTHS.length || WIDTHS[type] < 0) {
      throw corrupt("a value has type %s, which nobody knows".formatted(type));
    }
    return WIDTHS[type];
  }

  private void skip(long count) {
    need(count);
    bytes.position(bytes.position() + (int) count);
  }

  private ByteBuffer need(long count) {
    if (count > bytes.remaining()) {
      throw corrupt(
          "it ends at byte %s, in the middle of what it says of itself".formatted(bytes.limit()));
    }
    return bytes;
  }

  CorruptGgufException corrupt(String what) {
    return new CorruptGgufException(file, what, REMEDY);
  }
}
