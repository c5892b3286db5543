package dev.stockpot.merge.json;

import static com.fasterxml.jackson.core.JsonToken.END_ARRAY;
import static com.fasterxml.jackson.core.JsonToken.FIELD_NAME;
import static com.fasterxml.jackson.core.JsonToken.START_ARRAY;
import static com.fasterxml.jackson.core.JsonToken.START_OBJECT;
import static com.fasterxml.jackson.core.JsonToken.VALUE_NUMBER_INT;
import static com.fasterxml.jackson.core.JsonToken.VALUE_STRING;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.OptionalLong;

/**
 * Reads JSON from front to back and makes no tree: for texts that are large, or that are believed
 * in nothing. The caller says what must come next, and learns whether it does. Not thread-safe.
 */
public final class JsonReader implements Closeable {
  private final JsonParser json;

  private JsonReader(JsonParser json) {
    this.json = json;
  }

  /** Reads strict JSON. */
  public static JsonReader of(byte[] utf8) {
    return new JsonReader(open(Json.STRICT, utf8));
  }

  /** Reads JSON as Python writes it: with {@code NaN} and {@code Infinity}. */
  public static JsonReader ofPythons(byte[] utf8) {
    return new JsonReader(open(Json.PYTHON, utf8));
  }

  private static JsonParser open(JsonFactory factory, byte[] utf8) {
    try {
      return Json.open(factory, utf8);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // memory does not fail
    }
  }

  private JsonToken next() throws JsonException {
    try {
      return json.nextToken();
    } catch (IOException e) {
      throw JsonException.of(e);
    }
  }

  /** Steps to what is next: whether it is an object. Its fields come next. */
  public boolean beginsObject() throws JsonException {
    return next() == START_OBJECT;
  }

  /** Steps to what is next: whether it is a list. Its elements come next. */
  public boolean beginsList() throws JsonException {
    return next() == START_ARRAY;
  }

  /** Steps to the next field of an object; false at the object's end. Its value comes next. */
  public boolean nextField() throws JsonException {
    return next() == FIELD_NAME;
  }

  /** Steps to the next element of a list; false at the list's end, and a fault at the text's. */
  public boolean nextElement() throws JsonException {
    JsonToken token = next();
    if (token == null) { // its reader took another list's end for this one's
      throw new JsonException("it ends where an element of a list is expected");
    }
    return token != END_ARRAY;
  }

  /** Steps to what is next: whether it is text. */
  public boolean nextIsText() throws JsonException {
    return next() == VALUE_STRING;
  }

  /** Whether what was stepped to last is text. */
  public boolean isText() {
    return json.currentToken() == VALUE_STRING;
  }

  /** Whether what was stepped to last is the beginning of a list. */
  public boolean isList() {
    return json.currentToken() == START_ARRAY;
  }

  /** Steps to what is next: whether there is nothing any more. */
  public boolean isAtEnd() throws JsonException {
    return next() == null;
  }

  /** Steps over the value that comes next, with all below it. */
  public void skipValue() throws JsonException {
    next();
    skipRest();
  }

  /** Steps to the end of the object or list that has just begun. */
  public void skipRest() throws JsonException {
    try {
      json.skipChildren();
    } catch (IOException e) {
      throw JsonException.of(e);
    }
  }

  /** The name of the field that was stepped to last. */
  public String name() {
    try {
      return json.currentName();
    } catch (IOException e) {
      throw new UncheckedIOException(e); // memory does not fail
    }
  }

  /** What was stepped to last, as text, of whatever kind it is. */
  public String text() throws JsonException {
    try {
      return json.getText();
    } catch (IOException e) {
      throw JsonException.of(e);
    }
  }

  /** What was stepped to last, if it is written as a whole number and a long can hold it. */
  public OptionalLong whole() throws JsonException {
    try {
      return json.currentToken() == VALUE_NUMBER_INT
              && json.getNumberType() != JsonParser.NumberType.BIG_INTEGER
          ? OptionalLong.of(json.getLongValue())
          : OptionalLong.empty();
    } catch (IOException e) {
      throw JsonException.of(e);
    }
  }

  /** Where in the text it begins, what was stepped to last: a byte. */
  public long begin() {
    return Math.max(0, json.currentTokenLocation().getByteOffset());
  }

  /** Where in the text it ends, as far as it was read. */
  public long end() {
    return Math.max(begin(), json.currentLocation().getByteOffset());
  }

  @Override
  public void close() {
    try {
      json.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e); // memory does not fail
    }
  }
}
