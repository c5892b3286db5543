package dev.stockpot.merge.cli;

import dev.stockpot.merge.json.JsonObject;
import dev.stockpot.merge.json.JsonValue;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/** The JSON Schema of a result, from the record that it is; and whether JSON keeps one. */
final class ResultSchema {
  private ResultSchema() {}

  static JsonObject of(String title, Class<?> result) {
    return new JsonObject(
            Map.of("$schema", JsonValue.of("https://json-schema.org/draft/2020-12/schema")))
        .with("title", title)
        .with("type", "object")
        .with("properties", properties(result))
        .with("required", required(result))
        .with("additionalProperties", false);
  }

  private static JsonObject properties(Class<?> result) {
    Map<String, JsonValue> properties = new LinkedHashMap<>();
    for (RecordComponent component : result.getRecordComponents()) {
      properties.put(ResultJson.name(component), type(component.getGenericType()));
    }
    return new JsonObject(properties);
  }

  private static List<JsonValue> required(Class<?> result) {
    List<JsonValue> names = new ArrayList<>();
    for (RecordComponent component : result.getRecordComponents()) {
      names.add(JsonValue.of(ResultJson.name(component)));
    }
    return names;
  }

  private static JsonObject type(Type type) {
    if (type instanceof ParameterizedType generic) {
      Type[] of = generic.getActualTypeArguments();
      if (generic.getRawType() == Optional.class) {
        return JsonObject.EMPTY.with("anyOf", List.of(type(of[0]), named("null")));
      }
      return generic.getRawType() == List.class
          ? named("array").with("items", type(of[0]))
          : named("object").with("additionalProperties", type(of[1]));
    }
    Class<?> plain = (Class<?>) type;
    if (plain == String.class) {
      return named("string");
    }
    if (plain == boolean.class) {
      return named("boolean");
    }
    if (plain == int.class || plain == long.class) {
      return named("integer");
    }
    if (plain == double.class || plain == OptionalDouble.class) {
      return JsonObject.EMPTY.with("anyOf", List.of(named("number"), named("null")));
    }
    return named("object")
        .with("properties", properties(plain))
        .with("required", required(plain))
        .with("additionalProperties", false);
  }

  private static JsonObject named(String type) {
    return JsonObject.EMPTY.with("type", type);
  }

  /** Everything in which JSON breaks a schema, by its place; none if it keeps it. */
  static List<String> faults(JsonObject schema, JsonValue json, String place) {
    List<JsonObject> either = schema.objects("anyOf");
    if (!either.isEmpty()) {
      boolean isOne = either.stream().anyMatch(one -> faults(one, json, place).isEmpty());
      return isOne ? List.of() : List.of(place + " is none of those that are allowed");
    }
    if (!is(schema.text("type"), json)) {
      return List.of("%s is no %s".formatted(place, schema.text("type")));
    }
    List<String> faults = new ArrayList<>();
    schema
        .object("items")
        .ifPresent(
            items ->
                json.list()
                    .orElseThrow()
                    .forEach(item -> faults.addAll(faults(items, item, place + "[]"))));
    json.object().ifPresent(object -> faults.addAll(faultsOf(schema, object, place)));
    return faults;
  }

  private static List<String> faultsOf(JsonObject schema, JsonObject object, String place) {
    List<String> faults = new ArrayList<>();
    JsonObject properties = schema.object("properties").orElse(JsonObject.EMPTY);
    for (JsonValue name : schema.list("required")) {
      if (!object.has(name.text().orElseThrow())) {
        faults.add("%s has no %s".formatted(place, name.text().orElseThrow()));
      }
    }
    object
        .fields()
        .forEach(
            (name, value) -> {
              Optional<JsonObject> known =
                  properties.object(name).or(() -> schema.object("additionalProperties"));
              if (known.isEmpty()) {
                faults.add("%s has %s, which nobody knows".formatted(place, name));
              } else {
                faults.addAll(faults(known.get(), value, place + "." + name));
              }
            });
    return faults;
  }

  private static boolean is(String type, JsonValue json) {
    return switch (type) {
      case "object" -> json.object().isPresent();
      case "array" -> json.list().isPresent();
      case "string" -> json.text().isPresent();
      case "boolean" -> json.flag().isPresent();
      case "integer" -> json.whole().isPresent();
      case "number" -> json.number().isPresent();
      case "null" -> json.equals(JsonValue.nothing());
      default -> throw new IllegalArgumentException("type " + type);
    };
  }
}
