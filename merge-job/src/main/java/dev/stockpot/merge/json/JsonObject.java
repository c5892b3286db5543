package dev.stockpot.merge.json;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Values by name. Two objects with the same fields are equal, in whatever order these are.
 *
 * @param fields in the order in which they are written
 */
public record JsonObject(Map<String, JsonValue> fields) implements JsonValue {
  /** One without fields. */
  public static final JsonObject EMPTY = new JsonObject(Map.of());

  public JsonObject {
    fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
    fields.forEach((name, value) -> requireNonNull(value, () -> name + " is null"));
  }

  /**
   * One with values of Java.
   *
   * @param values text, true or false, and numbers, by name
   * @throws IllegalArgumentException if one is of another type
   */
  public static JsonObject of(Map<String, ?> values) {
    Map<String, JsonValue> fields = new LinkedHashMap<>();
    values.forEach((name, value) -> fields.put(name, JsonValue.ofJava(value)));
    return new JsonObject(fields);
  }

  @Override
  public Optional<JsonObject> object() {
    return Optional.of(this);
  }

  /** The value of that name, of any kind. */
  public Optional<JsonValue> get(String name) {
    return Optional.ofNullable(fields.get(name));
  }

  /** Whether there is a value of that name. */
  public boolean has(String name) {
    return fields.containsKey(name);
  }

  /** The object of that name; nothing if there is none, or what is there is none. */
  public Optional<JsonObject> object(String name) {
    return get(name).flatMap(JsonValue::object);
  }

  /** The elements of the list of that name; none if there is no such list. */
  public List<JsonValue> list(String name) {
    return get(name).flatMap(JsonValue::list).orElse(List.of());
  }

  /** The objects in the list of that name; none if there is no such list. */
  public List<JsonObject> objects(String name) {
    return list(name).stream().map(JsonValue::object).flatMap(Optional::stream).toList();
  }

  /** The text of that name; empty if there is none. */
  public String text(String name) {
    return get(name).flatMap(JsonValue::text).orElse("");
  }

  /** The whole number of that name, or another one if there is none. */
  public long whole(String name, long otherwise) {
    return get(name).map(value -> value.whole().orElse(otherwise)).orElse(otherwise);
  }

  /** The whole number of that name; nothing if there is none, or an int cannot hold it. */
  public OptionalInt integer(String name) {
    return get(name).map(JsonValue::integer).orElse(OptionalInt.empty());
  }

  /** The same with another value, at the end if the name is new. */
  public JsonObject with(String name, JsonValue value) {
    Map<String, JsonValue> changed = new LinkedHashMap<>(fields);
    changed.put(name, value);
    return new JsonObject(changed);
  }

  /** The same with a text. */
  public JsonObject with(String name, String text) {
    return with(name, JsonValue.of(text));
  }

  /** The same with a whole number. */
  public JsonObject with(String name, long number) {
    return with(name, JsonValue.of(number));
  }

  /** The same with true or false. */
  public JsonObject with(String name, boolean flag) {
    return with(name, JsonValue.of(flag));
  }

  /** The same with a list. */
  public JsonObject with(String name, List<? extends JsonValue> elements) {
    return with(name, JsonValue.of(elements));
  }

  /** The same without that name. */
  public JsonObject without(String name) {
    Map<String, JsonValue> changed = new LinkedHashMap<>(fields);
    changed.remove(name);
    return new JsonObject(changed);
  }

  @Override
  public void writeTo(JsonWriter json) {
    json.beginObject();
    fields.forEach(
        (name, value) -> {
          json.field(name);
          value.writeTo(json);
        });
    json.endObject();
  }
}
