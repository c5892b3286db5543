package dev.stockpot.merge.gguf;

import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What transformers calls the tensors of models that are built as Llama is. */
final class GgufNames {
  private static final Map<String, String> WHOLE =
      Map.of(
          "token_embd", "model.embed_tokens",
          "output_norm", "model.norm",
          "output", "lm_head");

  private static final Map<String, String> IN_BLOCK =
      Map.ofEntries(
          Map.entry("attn_norm", "input_layernorm"),
          Map.entry("attn_q", "self_attn.q_proj"),
          Map.entry("attn_k", "self_attn.k_proj"),
          Map.entry("attn_v", "self_attn.v_proj"),
          Map.entry("attn_output", "self_attn.o_proj"),
          Map.entry("attn_q_norm", "self_attn.q_norm"),
          Map.entry("attn_k_norm", "self_attn.k_norm"),
          Map.entry("ffn_norm", "post_attention_layernorm"),
          Map.entry("ffn_gate", "mlp.gate_proj"),
          Map.entry("ffn_up", "mlp.up_proj"),
          Map.entry("ffn_down", "mlp.down_proj"),
          Map.entry("ffn_gate_inp", "mlp.gate"));

  /** Experts of one layer in one tensor. */
  private static final Map<String, String> EXPERTS =
      Map.of(
          "ffn_gate_exps", "gate_proj",
          "ffn_up_exps", "up_proj",
          "ffn_down_exps", "down_proj");

  private static final Pattern BLOCK = Pattern.compile("blk\\.(\\d{1,6})\\.(\\w+)");

  private GgufNames() {}

  /** The module of that name, for example {@code blk.0.attn_q}; empty if none is known. */
  static Optional<String> module(String name) {
    Matcher block = BLOCK.matcher(name);
    return block.matches()
        ? Optional.ofNullable(IN_BLOCK.get(block.group(2)))
            .map(module -> "model.layers.%s.%s".formatted(block.group(1), module))
        : Optional.ofNullable(WHOLE.get(name));
  }

  /** The module of one of a layer's experts; empty if the name is of something else. */
  static Optional<String> expert(String name, int expert) {
    Matcher block = BLOCK.matcher(name);
    return block.matches()
        ? Optional.ofNullable(EXPERTS.get(block.group(2)))
            .map(
                module ->
                    "model.layers.%s.mlp.experts.%s.%s".formatted(block.group(1), expert, module))
        : Optional.empty();
  }
}
