package dev.stockpot.merge.recipe;

import static java.util.stream.Collectors.joining;

import dev.stockpot.kernels.method.MergeMethod;
import dev.stockpot.kernels.method.Parameter;
import dev.stockpot.kernels.method.PostStep;
import dev.stockpot.kernels.method.Range;
import dev.stockpot.kernels.method.SideInput;
import dev.stockpot.merge.json.Json;
import dev.stockpot.merge.json.JsonException;
import dev.stockpot.merge.json.JsonObject;
import dev.stockpot.merge.json.JsonValue;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The JSON Schema of recipes, for editors: what is written in {@code schema.json} beside this
 * class, and what follows from methods, steps and types.
 */
record RecipeSchema(List<MergeMethod> methods, List<PostStep> steps) {
  private static final String DEFINITION = "#/$defs/";

  JsonObject json() throws IOException, JsonException {
    JsonObject skeleton = skeleton();
    JsonObject definitions = skeleton.object("$defs").orElseThrow();
    for (Map.Entry<String, JsonValue> made : made().entrySet()) {
      definitions = definitions.with(made.getKey(), made.getValue());
    }
    return skeleton.with("$defs", definitions).with("allOf", choices());
  }

  private static JsonObject skeleton() throws IOException, JsonException {
    try (InputStream text = RecipeSchema.class.getResourceAsStream("schema.json")) {
      return Json.parse(text.readAllBytes()).object().orElseThrow();
    }
  }

  private Map<String, JsonValue> made() {
    Map<String, JsonValue> made = new LinkedHashMap<>();
    List<MergeMethod> merges = methods.stream().filter(one -> !one.isRound()).toList();
    made.put(
        "merge_method",
        any(words(names(methods)), reference("slot")).with("description", described(merges)));
    made.put("strategy", words(names(methods.stream().filter(MergeMethod::isRound).toList())));
    made.put("dtype", words(types()));
    made.put("init", words(InitialisationWord.words()));
    made.put("statistics", statistics());
    made.put("parameters", parameters());
    for (MergeMethod method : methods) {
      made.put("parameters_of_" + method.name(), parameters(method.parameters()));
    }
    made.put("post", post());
    Stream.concat(
            methods.stream().flatMap(method -> method.parameters().stream()),
            steps.stream().flatMap(step -> step.parameters().stream()))
        .map(Parameter::range)
        .forEach(range -> made.putIfAbsent(name(range), setting(range)));
    return made;
  }

  private static String described(List<MergeMethod> methods) {
    return methods.stream()
        .map(method -> "%s: %s".formatted(method.name(), method.card().summary()))
        .collect(joining("\n"));
  }

  private static List<String> names(List<MergeMethod> methods) {
    return methods.stream().map(MergeMethod::name).toList();
  }

  private static List<String> types() {
    List<String> types = new ArrayList<>(DTypeWord.FLOAT8);
    for (String word : DTypeWord.all()) {
      types.addAll(List.of(word, "torch." + word, DTypeWord.parse(word).orElseThrow().name()));
    }
    return types;
  }

  private JsonObject statistics() {
    Map<String, JsonValue> kinds = new TreeMap<>();
    methods.stream()
        .flatMap(method -> method.sideInputs().stream())
        .map(SideInput::name)
        .forEach(kind -> kinds.put(kind, JsonObject.EMPTY.with("type", "string")));
    return object(new JsonObject(kinds)).with("additionalProperties", type("string"));
  }

  /** Of every method: recipes keep those of others, which is told when they are merged. */
  private JsonObject parameters() {
    Map<String, JsonValue> all = new TreeMap<>();
    methods.stream()
        .flatMap(method -> method.parameters().stream())
        .forEach(
            parameter ->
                all.putIfAbsent(
                    parameter.name(), JsonObject.EMPTY.with("description", parameter.meaning())));
    return JsonObject.EMPTY
        .with("type", List.of(JsonValue.of("object"), JsonValue.of("null")))
        .with("properties", new JsonObject(all))
        .with("additionalProperties", false);
  }

  private static JsonObject parameters(List<Parameter<?>> parameters) {
    Map<String, JsonValue> own = new LinkedHashMap<>();
    for (Parameter<?> parameter : parameters) {
      JsonObject value =
          reference(name(parameter.range())).with("description", parameter.meaning());
      own.put(
          parameter.name(),
          parameter
              .plainStandard()
              .map(standard -> value.with("default", JsonValue.ofJava(standard)))
              .orElse(value));
    }
    return JsonObject.EMPTY.with("properties", new JsonObject(own));
  }

  /** What a definition of its values is called. */
  private static String name(Range<?> range) {
    return range.toString().replaceAll("[^A-Za-z0-9.-]+", "_");
  }

  /** A value, a gradient over layers, steps of groups of layers, values by filters, a search's. */
  private static JsonObject setting(Range<?> range) {
    JsonObject slot = reference("slot");
    List<JsonValue> values = new ArrayList<>(List.of(value(range), slot));
    if (range.takesGradient()) {
      values.add(list(any(value(range), slot)));
      values.add(
          object(JsonObject.EMPTY.with("steps", list(any(value(range), slot))))
              .with("required", List.of(JsonValue.of("steps")))
              .with("additionalProperties", false));
      values.add(
          object(JsonObject.EMPTY.with("blocks", list(value(range))).with("value", value(range)))
              .with("required", List.of(JsonValue.of("blocks")))
              .with("additionalProperties", false));
    }
    JsonObject plain = JsonObject.EMPTY.with("anyOf", values);
    JsonObject filtered =
        object(
                JsonObject.EMPTY
                    .with("filter", any(type("string"), type("null")))
                    .with("value", plain))
            .with("required", List.of(JsonValue.of("value")))
            .with("additionalProperties", false);
    return any(plain, filtered, list(filtered));
  }

  private static JsonObject value(Range<?> range) {
    if (range instanceof Range.Numbers numbers) {
      JsonObject number = type("number");
      number =
          numbers.least() > -1e300 ? number.with("minimum", JsonValue.of(numbers.least())) : number;
      return numbers.most() < 1e300 ? number.with("maximum", JsonValue.of(numbers.most())) : number;
    }
    if (range instanceof Range.Whole whole) {
      return type("integer").with("minimum", whole.least());
    }
    if (range instanceof Range.Words of) {
      return words(of.words());
    }
    if (range instanceof Range.OneOf<?> of) {
      return words(of.values().stream().map(Object::toString).toList());
    }
    JsonObject flag =
        any(
            type("boolean"),
            JsonObject.EMPTY.with("enum", List.of(JsonValue.of(0), JsonValue.of(1))));
    return range instanceof Range.FlagOrOneOf<?> of
        ? any(flag, words(of.values().stream().map(Object::toString).toList()))
        : flag;
  }

  private JsonObject post() {
    Map<String, JsonValue> known = new LinkedHashMap<>();
    for (PostStep step : steps) {
      JsonObject own = parameters(step.parameters()).with("description", step.card().summary());
      known.put(
          step.name(),
          own.with("type", List.of(JsonValue.of("object"), JsonValue.of("null")))
              .with("additionalProperties", false));
    }
    JsonObject step =
        object(new JsonObject(known)).with("additionalProperties", false).with("maxProperties", 1);
    return list(any(words(steps.stream().map(PostStep::name).toList()), step));
  }

  /** What a method makes of its parameters, wherever they stand. */
  private List<JsonValue> choices() {
    List<JsonValue> choices = new ArrayList<>();
    for (MergeMethod method : methods) {
      JsonObject own = reference("parameters_of_" + method.name());
      JsonObject block = JsonObject.EMPTY.with("parameters", own);
      JsonObject models = each(block);
      JsonObject slices = each(block.with("sources", each(block)));
      JsonObject then = block.with("models", models).with("slices", slices);
      choices.add(when("merge_method", constant(method.name()), then));
      if (method.isRound()) {
        JsonObject strategy =
            JsonObject.EMPTY
                .with("properties", JsonObject.EMPTY.with("strategy", constant(method.name())))
                .with("required", List.of(JsonValue.of("strategy")));
        choices.add(when("round", strategy, then.with("round", own)));
      }
    }
    return choices;
  }

  private static JsonObject each(JsonObject properties) {
    return list(JsonObject.EMPTY.with("properties", properties));
  }

  private static JsonObject when(String key, JsonObject is, JsonObject then) {
    JsonObject condition =
        JsonObject.EMPTY
            .with("properties", JsonObject.EMPTY.with(key, is))
            .with("required", List.of(JsonValue.of(key)));
    return JsonObject.EMPTY
        .with("if", condition)
        .with("then", JsonObject.EMPTY.with("properties", then));
  }

  private static JsonObject constant(String word) {
    return JsonObject.EMPTY.with("const", word);
  }

  private static JsonObject type(String type) {
    return JsonObject.EMPTY.with("type", type);
  }

  private static JsonObject object(JsonObject properties) {
    return type("object").with("properties", properties);
  }

  private static JsonObject list(JsonObject items) {
    return type("array").with("items", items);
  }

  private static JsonObject words(List<String> words) {
    return JsonObject.EMPTY.with(
        "enum", words.stream().map(JsonValue::of).map(JsonValue.class::cast).toList());
  }

  private static JsonObject any(JsonObject... either) {
    return JsonObject.EMPTY.with("anyOf", List.of(either));
  }

  private static JsonObject reference(String definition) {
    return JsonObject.EMPTY.with("$ref", DEFINITION + definition);
  }
}
