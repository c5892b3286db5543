package dev.stockpot.merge.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stockpot.merge.UserException;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
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

  /** Python writes Infinity into JSON, for example as the time step limit of state space models. */
  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS).build();

  private final ObjectNode root;

  private ModelConfig(ObjectNode root) {
    this.root = root;
  }

  /**
   * The configuration of a checkpoint; an empty one if it has none.
   *
   * @throws UserException if it is not a JSON object
   */
  public static ModelConfig of(Checkpoint checkpoint) {
    if (checkpoint.config().isEmpty()) {
      return new ModelConfig(JSON.createObjectNode());
    }
    try {
      if (JSON.readTree(checkpoint.config()) instanceof ObjectNode root) {
        return new ModelConfig(root);
      }
    } catch (JsonProcessingException e) {
      throw new UserException(
          "%s/config.json is not valid JSON: %s. Fetch it again"
              .formatted(checkpoint.folder(), e.getOriginalMessage()),
          e);
    }
    throw new UserException(
        "%s/config.json is not a JSON object. Fetch it again".formatted(checkpoint.folder()));
  }

  /**
   * Its values by their paths, names joined by dots. Numbers are equal if their text is; what is
   * null is not there; a list is one value.
   */
  public Map<String, String> values() {
    Map<String, String> values = new LinkedHashMap<>();
    addValues("", root, values);
    return values;
  }

  private static void addValues(String prefix, ObjectNode part, Map<String, String> values) {
    for (Map.Entry<String, JsonNode> field : part.properties()) {
      if (field.getValue() instanceof ObjectNode inner) {
        addValues(prefix + field.getKey() + ".", inner, values);
      } else if (!field.getValue().isNull()) {
        values.put(prefix + field.getKey(), text(field.getValue()));
      }
    }
  }

  private static String text(JsonNode value) {
    boolean isFinite = value.isNumber() && Double.isFinite(value.doubleValue());
    return isFinite
        ? plain(value.decimalValue())
        : value.isArray() ? value.toString() : value.asText();
  }

  /** 10000 and 10000.0 are one number, and so are 1e-5 and 0.00001. */
  private static String plain(BigDecimal number) {
    return number.signum() == 0 ? "0" : number.stripTrailingZeros().toString().replace("E+", "E");
  }

  /** A copy of the whole tree, to be changed. */
  public ObjectNode copy() {
    return root.deepCopy();
  }

  /**
   * The object that describes the language model: the whole, or what it has under {@code
   * text_config} where that gives the number of layers.
   */
  public static ObjectNode textPart(ObjectNode root) {
    return root.get("text_config") instanceof ObjectNode text && layersKey(root).isEmpty()
        ? text
        : root;
  }

  /** The name under which an object gives the number of layers. */
  public static Optional<String> layersKey(ObjectNode part) {
    return LAYER_COUNTS.stream().filter(key -> part.path(key).isInt()).findFirst();
  }

  public OptionalInt layers() {
    ObjectNode part = textPart(root);
    return layersKey(part)
        .map(key -> OptionalInt.of(part.get(key).intValue()))
        .orElse(OptionalInt.empty());
  }

  /** Whether it tells loaders that weights are FP8, under {@link #QUANTIZATION}. */
  public boolean quantizesToFloat8() {
    return FLOAT8.matcher(root.path(QUANTIZATION).toString()).find();
  }

  /** Whether the output head shares the weights of the input embedding. */
  public boolean tiesEmbeddings() {
    JsonNode tied = root.path("tie_word_embeddings");
    return tied.isMissingNode()
        ? textPart(root).path("tie_word_embeddings").asBoolean(false)
        : tied.asBoolean(false);
  }
}
