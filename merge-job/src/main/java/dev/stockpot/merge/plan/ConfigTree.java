package dev.stockpot.merge.plan;

import dev.stockpot.merge.json.JsonObject;
import dev.stockpot.merge.json.JsonValue;
import dev.stockpot.merge.model.Model;
import dev.stockpot.merge.structure.Configuration;
import dev.stockpot.merge.structure.Structure;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** An object of {@code config.json} as it was parsed, and what it says of how a model is built. */
public record ConfigTree(JsonObject object) implements Configuration {
  /** The configuration of a model; one without keys if it has none. */
  static Configuration of(Model model) {
    return new ConfigTree(model.config().tree());
  }

  /** How a model is built. */
  public static Structure structure(Model model) {
    return Structure.of(of(model), model.tensors().keySet());
  }

  @Override
  public List<String> keys() {
    return List.copyOf(object.fields().keySet());
  }

  @Override
  public Optional<Configuration> part(String key) {
    return object.object(key).map(ConfigTree::new);
  }

  @Override
  public OptionalInt number(String key) {
    return object.integer(key);
  }

  @Override
  public Optional<Boolean> flag(String key) {
    return object.get(key).flatMap(JsonValue::flag);
  }

  @Override
  public Optional<String> text(String key) {
    return object.get(key).flatMap(JsonValue::text);
  }

  @Override
  public OptionalInt length(String key) {
    return object
        .get(key)
        .flatMap(JsonValue::list)
        .map(list -> OptionalInt.of(list.size()))
        .orElse(OptionalInt.empty());
  }

  @Override
  public List<Integer> integers(String key) {
    List<OptionalInt> elements = object.list(key).stream().map(JsonValue::integer).toList();
    return elements.stream().allMatch(OptionalInt::isPresent)
        ? elements.stream().map(OptionalInt::getAsInt).toList()
        : List.of();
  }

  @Override
  public List<String> texts(String key) {
    List<Optional<String>> elements = object.list(key).stream().map(JsonValue::text).toList();
    return elements.stream().allMatch(Optional::isPresent)
        ? elements.stream().map(Optional::orElseThrow).toList()
        : List.of();
  }

  @Override
  public Optional<String> firstText(String key) {
    return object.list(key).stream().findFirst().flatMap(JsonValue::text);
  }
}
