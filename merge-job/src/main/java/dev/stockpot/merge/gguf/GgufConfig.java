package dev.stockpot.merge.gguf;

import dev.stockpot.merge.checkpoint.TensorInfo;
import dev.stockpot.merge.json.JsonObject;
import dev.stockpot.merge.json.JsonValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** The configuration that transformers needs for a model, from what a GGUF file says of it. */
final class GgufConfig {
  private final GgufFile file;
  private final GgufFamily family;
  private final Map<String, JsonValue> values = new LinkedHashMap<>();
  private final List<String> remarks = new ArrayList<>();

  GgufConfig(GgufFile file, GgufFamily family) {
    this.file = file;
    this.family = family;
  }

  /** What a user should know of it. */
  List<String> remarks() {
    return remarks;
  }

  /** A whole number that every model has. */
  long required(String key) {
    OptionalLong number = file.whole(family.key(key));
    if (number.isEmpty() || number.getAsLong() < 1 || number.getAsLong() > Integer.MAX_VALUE) {
      throw new GgufException(
          file.file().location(),
          "%s is %s, must be a whole number above 0"
              .formatted(family.key(key), number.isPresent() ? number.getAsLong() : "not there"),
          GgufException.AGAIN);
    }
    return number.getAsLong();
  }

  long heads() {
    return required("attention.head_count");
  }

  long keyHeads() {
    return file.whole(family.key("attention.head_count_kv")).isPresent()
        ? required("attention.head_count_kv")
        : heads();
  }

  JsonObject read() {
    values.put("architectures", JsonValue.of(List.of(JsonValue.of(family.loader()))));
    values.put("model_type", JsonValue.of(family.modelType()));
    put("hidden_size", required("embedding_length"));
    put("num_hidden_layers", required("block_count"));
    put("intermediate_size", required("feed_forward_length"));
    put("num_attention_heads", heads());
    put("num_key_value_heads", keyHeads());
    OptionalLong headLength = file.whole(family.key("attention.key_length"));
    put(
        "head_dim",
        headLength.isPresent()
            ? required("attention.key_length")
            : required("embedding_length") / heads());
    TensorInfo embedding = file.tensors().get(GgufModel.EMBEDDING);
    if (embedding != null && embedding.shape().dimensions().size() == 2) {
      put("vocab_size", embedding.shape().dimensions().get(0));
    }
    put("max_position_embeddings", required("context_length"));
    file.number(family.key("attention.layer_norm_rms_epsilon"))
        .ifPresent(epsilon -> values.put("rms_norm_eps", JsonValue.of(epsilon)));
    file.number(family.key("rope.freq_base"))
        .ifPresent(base -> values.put("rope_theta", JsonValue.of(base)));
    values.put("hidden_act", JsonValue.of("silu"));
    if (family.mayHaveBiases()) {
      values.put(
          "attention_bias", JsonValue.of(file.tensors().containsKey("blk.0.attn_q.bias")));
    }
    boolean isTied = !file.tensors().containsKey(GgufModel.HEAD);
    values.put("tie_word_embeddings", JsonValue.of(isTied));
    putTokens();
    putScaling();
    return new JsonObject(values);
  }

  private void put(String name, long number) {
    values.put(name, JsonValue.of(number));
  }

  private void putTokens() {
    for (String token : List.of("bos", "eos")) {
      file.whole("tokenizer.ggml.%s_token_id".formatted(token))
          .ifPresent(id -> put(token + "_token_id", id));
    }
  }

  /** Positions that are scaled: what is not understood must not look like none. */
  private void putScaling() {
    String type = file.text(family.key("rope.scaling.type"));
    if (type.equals("linear") && file.number(family.key("rope.scaling.factor")).isPresent()) {
      double factor = file.number(family.key("rope.scaling.factor")).getAsDouble();
      values.put("rope_scaling", JsonObject.of(Map.of("rope_type", "linear", "factor", factor)));
    } else if (!type.isEmpty() && !type.equals("none")) {
      remarks.add(unscaled("%s is %s".formatted(family.key("rope.scaling.type"), type)));
    }
    if (file.tensors().containsKey(GgufModel.FREQUENCIES)) {
      remarks.add(unscaled("it holds %s".formatted(GgufModel.FREQUENCIES)));
    }
  }

  private static String unscaled(String why) {
    return why
        + ", so its positions are scaled, and GGUF does not say how as config.json does: without"
        + " `rope_scaling` long texts are read wrongly. Take it from the original's config.json,"
        + " or give the original as base_model";
  }
}
