package dev.stockpot.merge.cli;

import com.networknt.schema.InputFormat;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.ValidationMessage;
import dev.stockpot.merge.json.JsonObject;
import dev.stockpot.merge.json.JsonStyle;
import dev.stockpot.merge.json.JsonValue;
import dev.stockpot.merge.json.JsonWriter;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

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
      properties.put(RecordJson.name(component), type(component.getGenericType()));
    }
    return new JsonObject(properties);
  }

  private static List<JsonValue> required(Class<?> result) {
    List<JsonValue> names = new ArrayList<>();
    for (RecordComponent component : result.getRecordComponents()) {
      names.add(JsonValue.of(RecordJson.name(component)));
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
    if (plain == Double.class) {
      return named("number");
    }
    if (plain == String.class) {
      return named("string");
    }
    if (plain == boolean.class) {
      return named("boolean");
    }
    if (Set.of(int.class, long.class, Integer.class, Long.class).contains(plain)) {
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

  /** Everything in which JSON breaks a schema; none if it keeps it. */
  static List<String> faults(JsonObject schema, JsonValue json) {
    return JsonSchemaFactory.getInstance(VersionFlag.V202012)
        .getSchema(JsonWriter.text(JsonStyle.COMPACT, schema))
        .validate(JsonWriter.text(JsonStyle.COMPACT, json), InputFormat.JSON)
        .stream()
        .map(ValidationMessage::getMessage)
        .sorted()
        .toList();
  }
}
