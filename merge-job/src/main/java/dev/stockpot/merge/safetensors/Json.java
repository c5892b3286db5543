package dev.stockpot.merge.safetensors;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import dev.stockpot.merge.storage.ByteRange;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.OptionalInt;

/** What the parsers of this package expect of JSON, beyond its grammar. */
final class Json {
  /**
   * Names are not interned: there may be a million of them, each seen once. Values are limited by
   * the size of the file alone, which is checked before it is read.
   */
  static final JsonFactory STRICT =
      JsonFactory.builder()
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxStringLength(ShardHeader.MAX_BYTES)
                  .maxNameLength(ShardHeader.MAX_BYTES)
                  .build())
          .build();

  private static final int SCRATCH = 8 << 10;

  private Json() {}

  /**
   * The place of the first byte that is not UTF-8. The JSON parser alone lets some of them pass,
   * and it guesses at other encodings when it sees a zero.
   */
  static OptionalInt firstBadByte(byte[] text) {
    for (int i = 0; i < Math.min(text.length, 4); i++) {
      if (text[i] == 0) {
        return OptionalInt.of(i);
      }
    }
    ByteBuffer in = ByteBuffer.wrap(text);
    CharBuffer scratch = CharBuffer.allocate(SCRATCH);
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    CoderResult result = decoder.decode(in, scratch, true);
    while (result.isOverflow()) {
      scratch.clear();
      result = decoder.decode(in, scratch, true);
    }
    return result.isError() ? OptionalInt.of(in.position()) : OptionalInt.empty();
  }

  /**
   * The bytes of the token that was read last.
   *
   * @param begin of the text in its file
   */
  static ByteRange place(JsonParser json, long begin) {
    long first = Math.max(0, json.currentTokenLocation().getByteOffset());
    long end = Math.max(first, json.currentLocation().getByteOffset());
    return new ByteRange(begin + first, begin + end);
  }

  /** Whether text can be written as UTF-8. An escape can name half of a character; such cannot. */
  static boolean isEncodable(String text) {
    return StandardCharsets.UTF_8.newEncoder().canEncode(text);
  }
}
