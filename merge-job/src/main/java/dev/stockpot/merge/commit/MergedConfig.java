package dev.stockpot.merge.commit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.merge.checkpoint.ModelConfig;
import dev.stockpot.merge.model.Model;
import dev.stockpot.merge.output.ConfigChanges;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** The {@code config.json} of a merged checkpoint: its donor's, with what the merge changed. */
final class MergedConfig {
  private static final Map<DType, String> WORDS =
      Map.of(
          DType.BF16, "bfloat16",
          DType.F16, "float16",
          DType.F32, "float32",
          DType.F64, "float64");

  /** The name that transformers 4 reads, and the one that transformers 5 writes. */
  private static final List<String> DTYPE_KEYS = List.of("torch_dtype", "dtype");

  /** Numbers that count layers from the bottom: where they took in all layers, they still do. */
  private static final List<String> LAYER_LIMITS = List.of("max_window_layers");

  /** Lists that may happen to be as long as there are layers. */
  private static final Pattern NEVER_PER_LAYER = Pattern.compile("architectures|.*_token_ids?");

  private MergedConfig() {}

  static ObjectNode of(Model donor, ConfigChanges changes) {
    ObjectNode root = donor.config().copy();
    ObjectNode text = ModelConfig.textPart(root);
    changes.dtype().ifPresent(dtype -> setDtype(root, text, WORDS.get(dtype)));
    if (changes.float8Gone()) {
      forgetFloat8(donor, root, text, changes.dtype().orElse(DType.BF16));
    }
    if (!changes.layers().isEmpty()) {
      setLayers(text, changes.layers());
    }
    if (changes.untied()) {
      (text.has("tie_word_embeddings") ? text : root).put("tie_word_embeddings", false);
    }
    return root;
  }

  private static void setDtype(ObjectNode root, ObjectNode text, String word) {
    boolean named = false;
    for (ObjectNode part : List.of(root, text)) {
      for (String key : DTYPE_KEYS) {
        if (part.has(key)) {
          part.put(key, word);
          named = true;
        }
      }
    }
    if (!named) {
      root.put(DTYPE_KEYS.get(0), word);
    }
  }

  private static void forgetFloat8(Model donor, ObjectNode root, ObjectNode text, DType dtype) {
    if (donor.config().quantizesToFloat8()) {
      root.remove(ModelConfig.QUANTIZATION);
    }
    for (ObjectNode part : List.of(root, text)) {
      for (String key : DTYPE_KEYS) {
        if (part.path(key).asText().contains("float8")) {
          part.put(key, WORDS.get(dtype));
        }
      }
    }
  }

  private static void setLayers(ObjectNode part, List<Integer> layers) {
    int before = ModelConfig.layersKey(part).map(key -> part.get(key).intValue()).orElse(-1);
    if (before < 0) {
      return;
    }
    for (Map.Entry<String, JsonNode> entry : part.properties()) {
      boolean isPerLayer = !NEVER_PER_LAYER.matcher(entry.getKey()).matches();
      if (isPerLayer && entry.getValue() instanceof ArrayNode list && list.size() == before) {
        ArrayNode rearranged = list.arrayNode();
        layers.forEach(layer -> rearranged.add(list.get(Math.min(layer, before - 1))));
        entry.setValue(rearranged);
      }
    }
    for (String limit : LAYER_LIMITS) {
      if (part.path(limit).asInt(-1) == before) {
        part.put(limit, layers.size());
      }
    }
    ModelConfig.layersKey(part).ifPresent(key -> part.put(key, layers.size()));
  }
}
