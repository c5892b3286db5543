package dev.stockpot.merge.cli;

import dev.stockpot.merge.json.JsonObject;
import dev.stockpot.merge.json.JsonStyle;
import dev.stockpot.merge.json.JsonValue;
import dev.stockpot.merge.json.JsonWriter;
import java.lang.reflect.RecordComponent;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Results as programs read them: a record is an object of its components, {@code bytesRead} being
 * {@code bytes_read}; what is not there, or no finite number, is null.
 */
final class RecordJson {
  private RecordJson() {}

  /** One line. */
  static String line(Record result) {
    return JsonWriter.text(JsonStyle.COMPACT, json(result));
  }

  /** How a component is called. */
  static String name(RecordComponent component) {
    return component.getName().replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
  }

  private static JsonValue json(Object value) {
    if (value instanceof Record result) {
      return fields(result);
    }
    if (value instanceof Optional<?> optional) {
      return optional.isPresent() ? json(optional.get()) : JsonValue.nothing();
    }
    if (value instanceof OptionalDouble optional) {
      return optional.isPresent() ? json(optional.getAsDouble()) : JsonValue.nothing();
    }
    if (value instanceof List<?> list) {
      return JsonValue.of(list.stream().map(RecordJson::json).toList());
    }
    if (value instanceof Map<?, ?> map) {
      JsonObject fields = JsonObject.EMPTY;
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        fields = fields.with(entry.getKey().toString(), json(entry.getValue()));
      }
      return fields;
    }
    if (value instanceof Double number && !Double.isFinite(number)) {
      return JsonValue.nothing();
    }
    return value instanceof Integer number
        ? JsonValue.of(number.longValue())
        : JsonValue.ofJava(value);
  }

  private static JsonObject fields(Record result) {
    Map<String, JsonValue> fields = new LinkedHashMap<>();
    for (RecordComponent component : result.getClass().getRecordComponents()) {
      fields.put(name(component), json(of(component, result)));
    }
    return new JsonObject(fields);
  }

  private static Object of(RecordComponent component, Record result) {
    try {
      component.getAccessor().setAccessible(true); // of a record that is nobody else's
      return component.getAccessor().invoke(result);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("%s of %s".formatted(component, result.getClass()), e);
    }
  }
}
