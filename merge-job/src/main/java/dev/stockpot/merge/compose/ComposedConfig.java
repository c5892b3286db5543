package dev.stockpot.merge.compose;

import dev.stockpot.merge.checkpoint.ModelConfig;
import dev.stockpot.merge.json.Json;
import dev.stockpot.merge.json.JsonException;
import dev.stockpot.merge.json.JsonObject;
import dev.stockpot.merge.json.JsonValue;
import dev.stockpot.merge.json.WrittenJson;
import dev.stockpot.merge.output.ConfigEdit;
import dev.stockpot.merge.recipe.Composition;
import dev.stockpot.merge.recipe.ListNode;
import dev.stockpot.merge.recipe.MapNode;
import dev.stockpot.merge.recipe.Node;
import dev.stockpot.merge.recipe.Problems;
import dev.stockpot.merge.recipe.ScalarNode;
import java.math.BigDecimal;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The configuration of a composition: a template, with the changes that a recipe asks for.
 *
 * @param config as it is understood
 * @param text the file, letter by letter but for the changes; empty if there is none
 */
record ComposedConfig(ModelConfig config, String text) {
  /**
   * The configuration.
   *
   * @param config what a model's says
   * @param text that file
   * @param wanted the changes; what cannot be changed is told
   */
  static ComposedConfig of(
      ModelConfig config, String text, Composition.Config wanted, Problems problems) {
    if (wanted.set().isEmpty() && wanted.removed().isEmpty()) {
      return new ComposedConfig(config, text);
    }
    Map<String, Optional<JsonValue>> changes = new LinkedHashMap<>();
    for (String path : wanted.removed()) {
      if (has(config.tree(), path)) {
        changes.put(path, Optional.empty());
      } else {
        problems.tell(
            wanted.line(), "`remove` names `%s`, which the template does not have".formatted(path));
      }
    }
    wanted.set().forEach((path, node) -> changes.put(path, Optional.of(json(node))));
    JsonObject changed = ConfigEdit.values(changes).apply(config.tree());
    try {
      String written = WrittenJson.of(text.isEmpty() ? "{}" : text).with(changed);
      return new ComposedConfig(ModelConfig.of(changed), written);
    } catch (JsonException e) {
      throw new IllegalStateException("a configuration that was parsed is no JSON", e);
    }
  }

  /**
   * The same with values that follow the tensors.
   *
   * @param values by their names, in the part that describes the language model
   * @param wanted what the recipe says itself, which counts
   */
  ComposedConfig with(Map<String, Optional<JsonValue>> values, Composition.Config wanted) {
    if (values.isEmpty() || text.isEmpty()) {
      return this;
    }
    boolean isWhole = ModelConfig.textPart(config.tree()).equals(config.tree());
    String path = isWhole ? "" : ModelConfig.TEXT + ".";
    Set<String> said = new HashSet<>(wanted.set().keySet());
    said.addAll(wanted.removed());
    JsonObject changed =
        ModelConfig.withTextPart(
            config.tree(),
            part -> {
              JsonObject followed = part;
              for (Map.Entry<String, Optional<JsonValue>> value : values.entrySet()) {
                if (!said.contains(path + value.getKey())) {
                  followed = followed.with(value.getKey(), value.getValue().orElseThrow());
                }
              }
              return followed;
            });
    try {
      return new ComposedConfig(ModelConfig.of(changed), WrittenJson.of(text).with(changed));
    } catch (JsonException e) {
      throw new IllegalStateException("a configuration that was parsed is no JSON", e);
    }
  }

  /** A template that is a file; what is wrong with it is a problem. */
  static ComposedConfig parse(String name, String text, int line, Problems problems) {
    try {
      Optional<JsonObject> tree = Json.parsePythons(text).object();
      problems.addIf(tree.isEmpty(), line, "the template %s is no JSON object".formatted(name));
      return new ComposedConfig(
          ModelConfig.of(tree.orElse(JsonObject.EMPTY)), tree.isPresent() ? text : "");
    } catch (JsonException e) {
      problems.add(line, "the template %s is not valid JSON: %s".formatted(name, e.getMessage()));
      return new ComposedConfig(ModelConfig.of(JsonObject.EMPTY), "");
    }
  }

  private static boolean has(JsonObject object, String path) {
    int dot = path.indexOf('.');
    return dot < 0
        ? object.has(path)
        : object
            .object(path.substring(0, dot))
            .filter(inner -> has(inner, path.substring(dot + 1)))
            .isPresent();
  }

  private static JsonValue json(Node node) {
    if (node instanceof ListNode list) {
      return JsonValue.of(list.elements().stream().map(ComposedConfig::json).toList());
    }
    if (node instanceof MapNode map) {
      JsonObject object = JsonObject.EMPTY;
      for (MapNode.Entry entry : map.entries()) {
        object = object.with(entry.key(), json(entry.value()));
      }
      return object;
    }
    ScalarNode scalar = (ScalarNode) node;
    if (scalar.isNull()) {
      return JsonValue.nothing();
    }
    if (scalar.value() instanceof Boolean flag) {
      return JsonValue.of(flag.booleanValue());
    }
    return scalar.value() instanceof Double number
        ? number(number, scalar.text())
        : JsonValue.of(scalar.text());
  }

  /** A number as it was written: 10 stays a whole number, and 1e-5 keeps its digits. */
  private static JsonValue number(double number, String text) {
    try {
      if (text.matches("[-+]?\\d{1,18}")) {
        return JsonValue.of(Long.parseLong(text));
      }
      return JsonValue.of(new BigDecimal(text));
    } catch (NumberFormatException e) { // a spelling of YAML's own, such as 0x10 or .inf
      return number == Math.rint(number) && Double.isFinite(number)
          ? JsonValue.of((long) number)
          : JsonValue.of(number);
    }
  }
}
