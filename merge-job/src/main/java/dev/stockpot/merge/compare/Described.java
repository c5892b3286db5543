package dev.stockpot.merge.compare;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A configuration as it is compared: with one spelling for what versions of a library spell
 * differently, and with what its silence means.
 *
 * @param name what messages call the model
 * @param values by dotted path
 * @param nulls dotted paths of what is said to be nothing
 */
public record Described(String name, Map<String, String> values, Set<String> nulls) {
  public Described {
    requireNonNull(name, "name is null");
    values = Map.copyOf(values);
    nulls = Set.copyOf(nulls);
  }

  /** One that says nothing is nothing. */
  public Described(String name, Map<String, String> values) {
    this(name, values, Set.of());
  }

  /** What is said under a path, in that spelling. */
  Optional<String> said(String path) {
    return Optional.ofNullable(values.get(path));
  }

  /** What is said under a path, in whatever spelling. */
  Optional<String> value(String path) {
    return said(path).or(() -> otherwise(path));
  }

  private Optional<String> otherwise(String path) {
    int dot = path.lastIndexOf('.') + 1;
    String part = path.substring(0, dot);
    return switch (path.substring(dot)) {
      case "rope_theta" ->
          first(
              part,
              "rope_parameters.rope_theta",
              "rope_parameters.full_attention.rope_theta",
              "rotary_emb_base");
      case "rope_local_base_freq" -> first(part, "rope_parameters.sliding_attention.rope_theta");
      case "rope_type" ->
          first(part, "rope_parameters.rope_type", "rope_scaling.rope_type", "rope_scaling.type")
              .or(() -> Optional.of("default"));
      case "rope_factor" -> first(part, "rope_parameters.factor", "rope_scaling.factor");
      case "partial_rotary_factor" ->
          first(part, "rope_parameters.partial_rotary_factor", "rotary_pct", "rope_pct");
      default -> Optional.empty();
    };
  }

  private Optional<String> first(String part, String... keys) {
    return Arrays.stream(keys)
        .map(key -> values.get(part + key))
        .filter(v -> v != null)
        .findFirst();
  }

  /** What the model and its parts are called as families. */
  public List<String> families() {
    return values.entrySet().stream()
        .filter(entry -> entry.getKey().matches("(.*\\.)?model_type"))
        .map(Map.Entry::getValue)
        .toList();
  }

  /** The family of models, if it is said. */
  Optional<String> modelType() {
    return Optional.ofNullable(values.get("model_type"));
  }

  /** The class that loads it, if it is said. */
  Optional<String> architecture() {
    return Optional.ofNullable(values.get("architectures"))
        .map(list -> list.replaceAll("^\\[\"?|[\"\\]].*$", ""))
        .filter(first -> !first.isEmpty());
  }

  /** What it is: {@code LlamaForCausalLM}, or its family where no class is named. */
  String kind() {
    return architecture().or(this::modelType).orElse("a model of no stated kind");
  }

  /** How its weights are stored, if it says so; empty for plain numbers. */
  Optional<String> quantisation() {
    return values.entrySet().stream()
        .filter(
            entry ->
                entry
                    .getKey()
                    .matches("(.*\\.)?(quantization_config|quantization)\\.quant_(method|algo)"))
        .map(Map.Entry::getValue)
        .findFirst();
  }
}
