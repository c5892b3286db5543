package dev.stockpot.merge.mixture;

import dev.stockpot.merge.json.JsonObject;
import dev.stockpot.merge.json.JsonValue;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What {@code config.json} of a mixture says otherwise than that of its base. What a class of
 * transformers would add by itself, and loaders read, is written out.
 */
final class MixtureConfig {
  private static final String DEEPSEEK_CODE = "deepseek-ai/deepseek-moe-16b-base--";

  private final Map<String, Optional<JsonValue>> values = new LinkedHashMap<>();
  private final JsonObject base;
  private final int experts;
  private final int perToken;
  private final boolean hasShared;

  private MixtureConfig(JsonObject base, int experts, int perToken, boolean hasShared) {
    this.base = base;
    this.experts = experts;
    this.perToken = perToken;
    this.hasShared = hasShared;
  }

  /** The values that are others; empty ones go away. */
  static Map<String, Optional<JsonValue>> of(
      MixtureKind kind, JsonObject base, int experts, int perToken, boolean hasShared) {
    MixtureConfig config = new MixtureConfig(base, experts, perToken, hasShared);
    switch (kind) {
      case MIXTRAL -> config.mixtral();
      case DEEPSEEK -> config.deepseek();
      case QWEN2 -> config.qwen2();
      case QWEN3 -> config.qwen3();
    }
    return config.values;
  }

  private void mixtral() {
    name("MixtralForCausalLM", "mixtral");
    set("num_local_experts", JsonValue.of(experts));
    set("num_experts_per_tok", JsonValue.of(perToken));
    set("sliding_window", JsonValue.nothing());
    set("output_router_logits", JsonValue.of(false));
    set("router_aux_loss_coef", JsonValue.of(0.001));
    set("router_jitter_noise", JsonValue.of(0.0));
  }

  private void qwen2() {
    name("Qwen2MoeForCausalLM", "qwen2_moe");
    qwen();
    set("sliding_window", JsonValue.nothing());
    set("use_sliding_window", JsonValue.of(false));
    base.get("intermediate_size")
        .ifPresent(size -> set("shared_expert_intermediate_size", size));
    set("qkv_bias", JsonValue.of(true));
  }

  private void qwen3() {
    name("Qwen3MoeForCausalLM", "qwen3_moe");
    qwen();
  }

  private void qwen() {
    set("num_experts", JsonValue.of(experts));
    set("num_experts_per_tok", JsonValue.of(perToken));
    set("decoder_sparse_step", JsonValue.of(1));
    set("norm_topk_prob", JsonValue.of(true));
    base.get("intermediate_size").ifPresent(size -> set("moe_intermediate_size", size));
    set("mlp_only_layers", JsonValue.of(List.of()));
    set("output_router_logits", JsonValue.of(false));
    set("router_aux_loss_coef", JsonValue.of(0.001));
  }

  private void deepseek() {
    name("DeepseekForCausalLM", "deepseek");
    set("n_routed_experts", JsonValue.of(experts));
    set("n_shared_experts", hasShared ? JsonValue.of(1) : JsonValue.nothing());
    set("num_experts_per_tok", JsonValue.of(perToken));
    set("first_k_dense_replace", JsonValue.of(0));
    set("moe_layer_freq", JsonValue.of(1));
    set("scoring_func", JsonValue.of("softmax"));
    set("norm_topk_prob", JsonValue.of(true));
    base.get("intermediate_size").ifPresent(size -> set("moe_intermediate_size", size));
    Map<String, String> code = new LinkedHashMap<>();
    code.put("AutoConfig", "configuration_deepseek.DeepseekConfig");
    code.put("AutoModel", "modeling_deepseek.DeepseekModel");
    code.put("AutoModelForCausalLM", "modeling_deepseek.DeepseekForCausalLM");
    code.replaceAll((use, place) -> DEEPSEEK_CODE + place);
    set("auto_map", JsonObject.of(code));
  }

  private void name(String architecture, String type) {
    set("architectures", JsonValue.of(List.of(JsonValue.of(architecture))));
    set("model_type", JsonValue.of(type));
    values.put("auto_map", Optional.empty()); // of the base's class
  }

  private void set(String key, JsonValue value) {
    values.put(key, Optional.of(value));
  }
}
