package dev.stockpot.merge.model;

import static java.util.Objects.requireNonNull;

import dev.stockpot.merge.checkpoint.Checkpoint;
import dev.stockpot.merge.checkpoint.ModelConfig;
import dev.stockpot.merge.checkpoint.NaturalOrder;
import dev.stockpot.merge.checkpoint.Surroundings;
import dev.stockpot.merge.checkpoint.TensorInfo;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.StoredObject;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/**
 * What a recipe calls a model: a view of checkpoints. Nobody who merges knows what it is a view of.
 *
 * @param folder what it is called by
 * @param tensors by name, in natural order (layer 2 before layer 10)
 * @param config what {@code config.json} says
 * @param configText that file, letter by letter; empty if there is none
 * @param shards the files that its tensors lie in
 * @param companions the other files to carry along, by their names in the output
 * @param surroundings what else was seen where it lies
 */
public record Model(
    Location folder,
    Map<String, TensorSource> tensors,
    ModelConfig config,
    String configText,
    List<StoredObject> shards,
    Map<String, StoredObject> companions,
    Surroundings surroundings) {
  /** Files of NVIDIA's Model Optimizer, of AutoGPTQ, and of AutoAWQ. */
  public static final Set<String> QUANTISERS =
      Set.of("hf_quant_config.json", "quantize_config.json", "quant_config.json");

  private static final Pattern TOKENIZER =
      Pattern.compile(
          "tokenizer.*|tekken\\.json|vocab\\..*|merges\\.txt|special_tokens_map\\.json|added_tokens\\.json"
              + "|chat_template.*|additional_chat_templates/.*|.*\\.model|.*\\.tiktoken");

  public Model {
    requireNonNull(folder, "folder is null");
    requireNonNull(config, "config is null");
    requireNonNull(configText, "configText is null");
    requireNonNull(surroundings, "surroundings is null");
    tensors = inNaturalOrder(tensors);
    shards = List.copyOf(shards);
    companions = Collections.unmodifiableMap(new LinkedHashMap<>(companions));
  }

  /**
   * A checkpoint as it is.
   *
   * @throws dev.stockpot.merge.UserException if its configuration cannot be understood
   */
  public static Model of(Checkpoint checkpoint) {
    Map<String, TensorSource> tensors = new LinkedHashMap<>();
    for (TensorInfo tensor : checkpoint.tensors().values()) {
      tensors.put(tensor.name(), new Stored(tensor));
    }
    return new Model(
        checkpoint.folder(),
        tensors,
        ModelConfig.of(checkpoint),
        checkpoint.config(),
        checkpoint.shards(),
        checkpoint.companions(),
        checkpoint.surroundings());
  }

  /** In natural order, but hashed: a plan looks every tensor up by name. */
  private static Map<String, TensorSource> inNaturalOrder(Map<String, TensorSource> tensors) {
    Map<String, TensorSource> sorted = new LinkedHashMap<>();
    NaturalOrder.sort(tensors.keySet(), name -> name)
        .forEach(name -> sorted.put(name, tensors.get(name)));
    return Collections.unmodifiableMap(sorted);
  }

  /** The model with another reading of its configuration. */
  public Model with(ModelConfig other) {
    return new Model(folder, tensors, other, configText, shards, companions, surroundings);
  }

  /** The model without files in which quantisers say how its codes are read. */
  public Model withoutQuantisers() {
    Map<String, StoredObject> others = new LinkedHashMap<>(companions);
    others.keySet().removeAll(QUANTISERS);
    return new Model(folder, tensors, config, configText, shards, others, surroundings);
  }

  /** The model with other tensors. */
  public Model with(Map<String, TensorSource> others) {
    return new Model(folder, others, config, configText, shards, companions, surroundings);
  }

  /**
   * The model under other names of its tensors.
   *
   * @param names from the name that a tensor has to the one it gets
   * @throws IllegalArgumentException if two tensors get one name
   */
  public Model renamed(UnaryOperator<String> names) {
    Map<String, TensorSource> renamed = new LinkedHashMap<>();
    Map<String, String> before = new LinkedHashMap<>();
    tensors.forEach(
        (name, source) -> {
          String now = names.apply(name);
          String other = before.putIfAbsent(now, name);
          if (other != null) {
            throw new IllegalArgumentException(
                "%s and %s of %s would both be %s".formatted(other, name, folder, now));
          }
          renamed.put(now, source);
        });
    return with(renamed);
  }

  /** Those of the companions that turn text into numbers and back. */
  public Map<String, StoredObject> tokenizer() {
    return tokenizer(companions);
  }

  /** Those of some files that turn text into numbers and back. */
  public static Map<String, StoredObject> tokenizer(Map<String, StoredObject> files) {
    Map<String, StoredObject> tokenizer = new LinkedHashMap<>(files);
    tokenizer.keySet().removeIf(name -> !TOKENIZER.matcher(name).matches());
    return tokenizer;
  }
}
