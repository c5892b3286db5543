package dev.stockpot.merge.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.function.Consumer;

/**
 * Writes JSON from front to back, into memory. Whoever writes begins and ends what is nested; NaN
 * and infinity are written as Python writes and reads them.
 */
public final class JsonWriter {
  private static final JsonFactory FACTORY =
      JsonFactory.builder().disable(JsonWriteFeature.WRITE_NAN_AS_STRINGS).build();

  private final JsonGenerator json;

  private JsonWriter(JsonGenerator json, JsonStyle style) {
    this.json = json;
    json.setPrettyPrinter(style.printer());
  }

  /** What the content writes, as UTF-8. */
  public static byte[] bytes(JsonStyle style, Consumer<JsonWriter> content) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator json = FACTORY.createGenerator(bytes)) {
      content.accept(new JsonWriter(json, style));
    } catch (IOException e) {
      throw new UncheckedIOException(e); // memory does not fail
    }
    return bytes.toByteArray();
  }

  /** A value as text. */
  public static String text(JsonStyle style, JsonValue value) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = FACTORY.createGenerator(text)) {
      value.writeTo(new JsonWriter(json, style));
    } catch (IOException e) {
      throw new UncheckedIOException(e); // memory does not fail
    }
    return text.toString();
  }

  private interface Step {
    void run() throws IOException;
  }

  private static void write(Step step) {
    try {
      step.run();
    } catch (IOException e) {
      throw new UncheckedIOException(e); // memory does not fail
    }
  }

  public void beginObject() {
    write(json::writeStartObject);
  }

  /** The name of the value that follows. */
  public void field(String name) {
    write(() -> json.writeFieldName(name));
  }

  public void endObject() {
    write(json::writeEndObject);
  }

  public void beginList() {
    write(json::writeStartArray);
  }

  public void endList() {
    write(json::writeEndArray);
  }

  public void text(String value) {
    write(() -> json.writeString(value));
  }

  public void number(long value) {
    write(() -> json.writeNumber(value));
  }

  void number(BigInteger value) {
    write(() -> json.writeNumber(value));
  }

  void number(double value) {
    write(() -> json.writeNumber(value));
  }

  void number(BigDecimal value) {
    write(() -> json.writeNumber(value));
  }

  void flag(boolean value) {
    write(() -> json.writeBoolean(value));
  }

  void nothing() {
    write(json::writeNull);
  }
}
