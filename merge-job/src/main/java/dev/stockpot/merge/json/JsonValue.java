package dev.stockpot.merge.json;

import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * A value of JSON, with all below it. It never changes. Each accessor gives the value if it is of
 * that kind, and nothing if it is of another: nothing is converted.
 */
public sealed interface JsonValue
    permits JsonObject,
        JsonList,
        JsonText,
        JsonWhole,
        JsonHuge,
        JsonReal,
        JsonDecimal,
        JsonFlag,
        JsonNull {

  /** Nothing, as a value. */
  static JsonValue nothing() {
    return JsonNull.NULL;
  }

  /** Text. */
  static JsonValue of(String text) {
    return new JsonText(text);
  }

  /** A whole number. */
  static JsonValue of(long number) {
    return new JsonWhole(number);
  }

  /** A float64, NaN and infinity included, which are written as Python does. */
  static JsonValue of(double number) {
    return new JsonReal(number);
  }

  /** A number with the digits that it has. */
  static JsonValue of(BigDecimal number) {
    return new JsonDecimal(number);
  }

  /** True or false. */
  static JsonValue of(boolean flag) {
    return new JsonFlag(flag);
  }

  /** A list of values. */
  static JsonValue of(List<? extends JsonValue> elements) {
    return new JsonList(List.copyOf(elements));
  }

  /**
   * A value of Java.
   *
   * @throws IllegalArgumentException if it is neither text, a flag, a double nor a long
   */
  static JsonValue ofJava(Object value) {
    if (value instanceof String text) {
      return of(text);
    }
    if (value instanceof Boolean flag) {
      return of(flag);
    }
    if (value instanceof Double number) {
      return of(number.doubleValue());
    }
    if (value instanceof Long number) {
      return of(number.longValue());
    }
    throw new IllegalArgumentException("%s is no value of JSON".formatted(value));
  }

  /** The fields, if it is an object. */
  default Optional<JsonObject> object() {
    return Optional.empty();
  }

  /** The elements, if it is a list. */
  default Optional<List<JsonValue>> list() {
    return Optional.empty();
  }

  /** The text, if it is text. */
  default Optional<String> text() {
    return Optional.empty();
  }

  /** The number, if it is written as a whole number and a long can hold it. */
  default OptionalLong whole() {
    return OptionalLong.empty();
  }

  /** The number, if it is written as a whole number and an int can hold it. */
  default OptionalInt integer() {
    OptionalLong whole = whole();
    return whole.isPresent() && (int) whole.getAsLong() == whole.getAsLong()
        ? OptionalInt.of((int) whole.getAsLong())
        : OptionalInt.empty();
  }

  /** The number of any kind, as the nearest float64: NaN and infinity, too. */
  default OptionalDouble number() {
    return OptionalDouble.empty();
  }

  /** True or false, if it is one of them. */
  default Optional<Boolean> flag() {
    return Optional.empty();
  }

  /** Writes it. */
  void writeTo(JsonWriter json);
}
