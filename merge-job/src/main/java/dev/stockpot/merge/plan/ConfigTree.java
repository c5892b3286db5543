package dev.stockpot.merge.plan;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stockpot.merge.checkpoint.Checkpoint;
import dev.stockpot.merge.checkpoint.ModelConfig;
import dev.stockpot.merge.structure.Configuration;
import dev.stockpot.merge.structure.Structure;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** An object of {@code config.json} as it was parsed. */
record ConfigTree(JsonNode node) implements Configuration {
  /** The configuration of a checkpoint; one without keys if it has none. */
  static Configuration of(Checkpoint checkpoint) {
    return new ConfigTree(ModelConfig.of(checkpoint).copy());
  }

  static Structure structure(Checkpoint checkpoint) {
    return Structure.of(of(checkpoint), checkpoint.tensors().keySet());
  }

  @Override
  public List<String> keys() {
    List<String> keys = new ArrayList<>();
    node.fieldNames().forEachRemaining(keys::add);
    return keys;
  }

  @Override
  public Optional<Configuration> part(String key) {
    return Optional.of(node.path(key)).filter(JsonNode::isObject).map(ConfigTree::new);
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
  public Optional<String> firstText(String key) {
    return Optional.of(node.path(key).path(0)).filter(JsonNode::isTextual).map(JsonNode::textValue);
  }
}
