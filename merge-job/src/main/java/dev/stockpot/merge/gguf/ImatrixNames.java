package dev.stockpot.merge.gguf;

import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What modules of models of Llama's kind are called in GGUF files, and in ours. */
final class ImatrixNames {
  private static final Pattern IN_BLOCK = Pattern.compile("blk\\.(\\d{1,5})\\.([a-z_]+)\\.weight");

  private static final Map<String, String> MODULES =
      Map.of(
          "attn_q", "self_attn.q_proj",
          "attn_k", "self_attn.k_proj",
          "attn_v", "self_attn.v_proj",
          "attn_output", "self_attn.o_proj",
          "ffn_gate", "mlp.gate_proj",
          "ffn_up", "mlp.up_proj",
          "ffn_down", "mlp.down_proj");

  private ImatrixNames() {}

  /** The module that a tensor is the weight of; empty if none is known by that name. */
  static Optional<String> module(String tensor) {
    if (tensor.equals("output.weight")) {
      return Optional.of("lm_head");
    }
    Matcher inBlock = IN_BLOCK.matcher(tensor);
    return inBlock.matches()
        ? Optional.ofNullable(MODULES.get(inBlock.group(2)))
            .map(part -> "model.layers.%s.%s".formatted(inBlock.group(1), part))
        : Optional.empty();
  }
}
