package dev.stockpot.merge.output;

import dev.stockpot.merge.json.JsonObject;
import dev.stockpot.merge.json.JsonValue;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Values that are others, by their paths, names joined by dots; empty ones are taken away.
 *
 * @param values in the order in which new ones are written
 */
record ValuesEdit(Map<String, Optional<JsonValue>> values) implements ConfigEdit {
  ValuesEdit {
    values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
  }

  @Override
  public JsonObject apply(JsonObject config) {
    JsonObject changed = config;
    for (Map.Entry<String, Optional<JsonValue>> value : values.entrySet()) {
      changed = with(changed, value.getKey(), value.getValue());
    }
    return changed;
  }

  private static JsonObject with(JsonObject object, String path, Optional<JsonValue> value) {
    int dot = path.indexOf('.');
    if (dot < 0) {
      return value.map(now -> object.with(path, now)).orElseGet(() -> object.without(path));
    }
    String part = path.substring(0, dot);
    JsonObject inner = object.object(part).orElse(JsonObject.EMPTY);
    return object.with(part, with(inner, path.substring(dot + 1), value));
  }
}
