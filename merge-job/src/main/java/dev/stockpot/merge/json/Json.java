package dev.stockpot.merge.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** Reads whole texts of JSON, and knows what can be one. */
public final class Json {
  /** More than any text that we read may have: those who read limit it before. */
  private static final int MOST_CHARACTERS = 1 << 28;

  /** Names are not interned: there may be a million of them, each seen once. */
  static final JsonFactory STRICT =
      JsonFactory.builder()
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .disable(JsonFactory.Feature.CHARSET_DETECTION) // what is not UTF-8 is refused
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxStringLength(MOST_CHARACTERS)
                  .maxNameLength(MOST_CHARACTERS)
                  .build())
          .build();

  /** Python writes Infinity into JSON, for example as the time step limit of state space models. */
  static final JsonFactory PYTHON =
      STRICT.rebuild().enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS).build();

  private static final ObjectMapper RECORDS = new ObjectMapper();
  private static final int SCRATCH = 8 << 10;
  private static final byte[] MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

  private Json() {}

  /**
   * The first value of a text; what follows it is not looked at. A name that is there twice has its
   * last value.
   *
   * @throws JsonException if there is none, or it is no JSON
   */
  public static JsonValue parse(byte[] utf8) throws JsonException {
    try (JsonParser json = open(STRICT, utf8)) {
      return first(json);
    } catch (IOException e) {
      throw JsonException.of(e);
    }
  }

  /** The same, of JSON as Python writes it: with {@code NaN} and {@code Infinity}. */
  public static JsonValue parsePythons(String text) throws JsonException {
    try (JsonParser json = PYTHON.createParser(text)) {
      return first(json);
    } catch (IOException e) {
      throw JsonException.of(e);
    }
  }

  /** A parser of text that may begin with the mark by which editors of Windows know UTF-8. */
  static JsonParser open(JsonFactory factory, byte[] utf8) throws IOException {
    boolean isMarked =
        utf8.length >= MARK.length && Arrays.equals(utf8, 0, MARK.length, MARK, 0, MARK.length);
    int from = isMarked ? MARK.length : 0;
    return factory.createParser(utf8, from, utf8.length - from);
  }

  private static JsonValue first(JsonParser json) throws JsonException, IOException {
    if (json.nextToken() == null) {
      throw new JsonException("it is empty");
    }
    return value(json);
  }

  /** What was stepped to, with all below it. */
  static JsonValue value(JsonParser json) throws IOException {
    return switch (json.currentToken()) {
      case START_OBJECT -> object(json);
      case START_ARRAY -> list(json);
      case VALUE_STRING -> new JsonText(json.getText());
      case VALUE_NUMBER_INT ->
          json.getNumberType() == JsonParser.NumberType.BIG_INTEGER
              ? new JsonHuge(json.getBigIntegerValue())
              : new JsonWhole(json.getLongValue());
      case VALUE_NUMBER_FLOAT -> new JsonReal(json.getDoubleValue());
      case VALUE_TRUE -> new JsonFlag(true);
      case VALUE_FALSE -> new JsonFlag(false);
      case VALUE_NULL -> JsonNull.NULL;
      default -> throw new IllegalStateException(json.currentToken() + " begins no value");
    };
  }

  private static JsonObject object(JsonParser json) throws IOException {
    Map<String, JsonValue> fields = new LinkedHashMap<>();
    for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
      json.nextToken();
      fields.put(name, value(json));
    }
    return new JsonObject(fields);
  }

  private static JsonList list(JsonParser json) throws IOException {
    List<JsonValue> elements = new ArrayList<>();
    while (!json.nextToken().isStructEnd()) {
      elements.add(value(json));
    }
    return new JsonList(elements);
  }

  /** A record as compact text: its components by name. NaN and infinity are in quotes. */
  public static String of(Record entry) {
    try {
      return RECORDS.writeValueAsString(entry);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e); // a tree in memory can always be written
    }
  }

  /**
   * A record from the text of one.
   *
   * @return nothing if the text is empty, or says so
   * @throws JsonException if the text is no JSON, or not of such a record
   */
  public static <T extends Record> Optional<T> parse(String text, Class<T> type)
      throws JsonException {
    try {
      return Optional.ofNullable(RECORDS.treeToValue(RECORDS.readTree(text), type));
    } catch (JsonProcessingException e) {
      throw new JsonException(e);
    }
  }

  /**
   * The place of the first byte that is not UTF-8. The parser alone lets some of them pass, and it
   * guesses at other encodings when it sees a zero.
   */
  public static OptionalInt firstBadByte(byte[] text) {
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

  /** Whether text can be written as UTF-8. An escape can name half of a character; such cannot. */
  public static boolean isEncodable(String text) {
    return StandardCharsets.UTF_8.newEncoder().canEncode(text);
  }
}
