package dev.stockpot.merge.structure;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** A configuration from JSON text. */
public record JsonConfiguration(JsonNode node) implements Configuration {
  /** The configuration that a text describes. */
  public static JsonConfiguration of(String json) {
    try {
      return new JsonConfiguration(new JsonMapper().readTree(json));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(json, e);
    }
  }

  @Override
  public List<String> keys() {
    List<String> keys = new ArrayList<>();
    node.fieldNames().forEachRemaining(keys::add);
    return keys;
  }

  @Override
  public Optional<Configuration> part(String key) {
    return Optional.of(node.path(key)).filter(JsonNode::isObject).map(JsonConfiguration::new);
  }

  @Override
  public OptionalInt number(String key) {
    return node.path(key).isInt() ? OptionalInt.of(node.path(key).intValue()) : OptionalInt.empty();
  }

  @Override
  public Optional<Boolean> flag(String key) {
    return Optional.of(node.path(key)).filter(JsonNode::isBoolean).map(JsonNode::booleanValue);
  }

  @Override
  public Optional<String> text(String key) {
    return Optional.of(node.path(key)).filter(JsonNode::isTextual).map(JsonNode::textValue);
  }

  @Override
  public OptionalInt length(String key) {
    return node.path(key).isArray() ? OptionalInt.of(node.path(key).size()) : OptionalInt.empty();
  }

  @Override
  public List<Integer> integers(String key) {
    List<Integer> integers = new ArrayList<>();
    node.path(key).forEach(element -> integers.add(element.isInt() ? element.intValue() : null));
    return node.path(key).isArray() && !integers.contains(null) ? integers : List.of();
  }

  @Override
  public List<String> texts(String key) {
    List<String> texts = new ArrayList<>();
    node.path(key).forEach(element -> texts.add(element.isTextual() ? element.textValue() : null));
    return node.path(key).isArray() && !texts.contains(null) ? texts : List.of();
  }

  @Override
  public Optional<String> firstText(String key) {
    return Optional.of(node.path(key).path(0)).filter(JsonNode::isTextual).map(JsonNode::textValue);
  }
}
