package dev.stockpot.merge.commit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.merge.checkpoint.Checkpoint;
import dev.stockpot.merge.checkpoint.ModelConfig;
import dev.stockpot.merge.output.ConfigChanges;
import dev.stockpot.merge.structure.KeyEdit;
import java.util.List;
import java.util.Map;

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

  private MergedConfig() {}

  static ObjectNode of(Checkpoint donor, ConfigChanges changes) {
    ObjectNode root = ModelConfig.of(donor).copy();
    ObjectNode text = ModelConfig.textPart(root);
    changes.dtype().ifPresent(dtype -> setDtype(root, text, WORDS.get(dtype)));
    if (changes.float8Gone()) {
      forgetFloat8(donor, root, text, changes.dtype().orElse(DType.BF16));
    }
    changes.keys().forEach(edit -> apply(edit, root));
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

  private static void forgetFloat8(
      Checkpoint donor, ObjectNode root, ObjectNode text, DType dtype) {
    if (ModelConfig.of(donor).quantizesToFloat8()) {
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

  private static void apply(KeyEdit edit, ObjectNode root) {
    ObjectNode object = root;
    String path = edit.path();
    for (int dot = path.indexOf('.'); dot >= 0; dot = path.indexOf('.')) {
      object = (ObjectNode) object.get(path.substring(0, dot));
      path = path.substring(dot + 1);
    }
    object.set(path, changed(edit.change(), object.get(path), object));
  }

  private static JsonNode changed(KeyEdit.Change change, JsonNode before, ObjectNode object) {
    if (change instanceof KeyEdit.Whole whole) {
      return object.numberNode(whole.value());
    }
    if (change instanceof KeyEdit.Letters letters) {
      return object.textNode(letters.value());
    }
    ArrayNode list = object.arrayNode();
    if (change instanceof KeyEdit.Wholes wholes) {
      wholes.values().forEach(list::add);
    } else if (change instanceof KeyEdit.Rearranged rearranged) {
      rearranged.origins().forEach(place -> list.add(before.get(place)));
    }
    return list;
  }
}
