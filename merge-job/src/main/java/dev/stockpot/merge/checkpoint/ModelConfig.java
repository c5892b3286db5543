package dev.stockpot.merge.checkpoint;

import dev.stockpot.merge.UserException;
import dev.stockpot.merge.json.Json;
import dev.stockpot.merge.json.JsonException;
import dev.stockpot.merge.json.JsonObject;
import dev.stockpot.merge.json.JsonStyle;
import dev.stockpot.merge.json.JsonWriter;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/**
 * What {@code config.json} says that a merge has to know, under the names that model families use.
 */
public final class ModelConfig {
  /** Names of the number of layers. */
  public static final List<String> LAYER_COUNTS =
      List.of("num_hidden_layers", "n_layer", "num_layers", "n_layers");

  /** How weights were quantised, so that loaders undo it. */
  public static final String QUANTIZATION = "quantization_config";

  /** How quantisers call FP8: compressed-tensors says {@code float-quantized}. */
  private static final Pattern FLOAT8 = Pattern.compile("(?i)fp8|float8|float-quantized");

  /** What lies about the language model, in models of more than text. */
  public static final String TEXT = "text_config";

  private final JsonObject root;

  /** What files beside it say of the weights, by the names of these. */
  private final Map<String, JsonObject> beside;

  private ModelConfig(JsonObject root) {
    this(root, Map.of());
  }

  private ModelConfig(JsonObject root, Map<String, JsonObject> beside) {
    this.root = root;
    this.beside = Map.copyOf(beside);
  }

  /**
   * This, and what a file beside it says of how weights were quantised. It is among the values, and
   * not in the tree.
   *
   * @param name under which its values are, for example {@code hf_quant_config}
   */
  public ModelConfig beside(String name, JsonObject said) {
    Map<String, JsonObject> all = new LinkedHashMap<>(beside);
    all.put(name, said);
    return new ModelConfig(root, all);
  }

  /**
   * The configuration of a checkpoint; an empty one if it has none.
   *
   * @throws UserException if it is not a JSON object
   */
  public static ModelConfig of(Checkpoint checkpoint) {
    if (checkpoint.config().isEmpty()) {
      return new ModelConfig(JsonObject.EMPTY);
    }
    try {
      return Json.parsePythons(checkpoint.config())
          .object()
          .map(ModelConfig::new)
          .orElseThrow(
              () ->
                  new UserException(
                      "%s/config.json is not a JSON object. Fetch it again"
                          .formatted(checkpoint.folder())));
    } catch (JsonException e) {
      throw new UserException(
          "%s/config.json is not valid JSON: %s. Fetch it again"
              .formatted(checkpoint.folder(), e.getMessage()),
          e);
    }
  }

  /** A configuration that was worked out. */
  public static ModelConfig of(JsonObject root) {
    return new ModelConfig(root);
  }

  /**
   * Its values by their paths, names joined by dots. Equal numbers have one spelling; what is null
   * is not there; a list is one value.
   */
  public Map<String, String> values() {
    Map<String, String> values = new LinkedHashMap<>();
    ConfigPaths.addValues("", root, values);
    new TreeMap<>(beside).forEach((name, said) -> ConfigPaths.addValues(name + ".", said, values));
    return values;
  }

  /** Paths of what is said to be null, names joined by dots. */
  public Set<String> nulls() {
    Set<String> nulls = new LinkedHashSet<>();
    ConfigPaths.addNulls("", root, nulls);
    return nulls;
  }

  /** The whole of it. */
  public JsonObject tree() {
    return root;
  }

  /**
   * The object that describes the language model: the whole, or what it has under {@code
   * text_config} where that gives the number of layers.
   */
  public static JsonObject textPart(JsonObject root) {
    return layersKey(root).isPresent() ? root : root.object(TEXT).orElse(root);
  }

  /** The whole with another description of the language model. */
  public static JsonObject withTextPart(JsonObject root, UnaryOperator<JsonObject> change) {
    boolean isWhole = layersKey(root).isPresent() || root.object(TEXT).isEmpty();
    return isWhole ? change.apply(root) : root.with(TEXT, change.apply(textPart(root)));
  }

  /** The name under which an object gives the number of layers. */
  public static Optional<String> layersKey(JsonObject part) {
    return LAYER_COUNTS.stream().filter(key -> part.integer(key).isPresent()).findFirst();
  }

  /** Whether it tells loaders that weights are FP8, under {@link #QUANTIZATION}. */
  public static boolean quantizesToFloat8(JsonObject root) {
    return root.get(QUANTIZATION)
        .filter(how -> FLOAT8.matcher(JsonWriter.text(JsonStyle.COMPACT, how)).find())
        .isPresent();
  }

  /** Whether it tells loaders that weights are quantised, in whatever way. */
  public boolean isQuantised() {
    return root.has(QUANTIZATION) || textPart(root).has(QUANTIZATION);
  }

  /** Whether it tells loaders that weights are FP8. */
  public boolean quantizesToFloat8() {
    return quantizesToFloat8(root);
  }
}
