package dev.stockpot.merge.checkpoint;

import dev.stockpot.merge.json.JsonObject;
import dev.stockpot.merge.json.JsonValue;
import java.util.Map;
import java.util.Set;

/** What a configuration says, by paths: names joined by dots. */
final class ConfigPaths {
  private ConfigPaths() {}

  static void addValues(String prefix, JsonObject part, Map<String, String> values) {
    part.fields()
        .forEach(
            (name, value) -> {
              if (value.object().isPresent()) {
                addValues(prefix + name + ".", value.object().get(), values);
              } else if (!value.equals(JsonValue.nothing())) {
                values.put(prefix + name, ConfigValue.spelled(value));
              }
            });
  }

  static void addNulls(String prefix, JsonObject part, Set<String> nulls) {
    part.fields()
        .forEach(
            (name, value) -> {
              if (value.equals(JsonValue.nothing())) {
                nulls.add(prefix + name);
              }
              value.object().ifPresent(inner -> addNulls(prefix + name + ".", inner, nulls));
            });
  }
}
