package dev.stockpot.merge.adapter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.kernels.number.Shape;
import dev.stockpot.merge.adapter.AdapterTargets.Kind;
import dev.stockpot.merge.plan.ModelHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AdapterTargetsTest {
  private static final Shape MATRIX = Shape.of(8, 8);

  private static AdapterTargets targets(String architecture, String type, String... tensors) {
    ModelHeaders headers =
        ModelHeaders.named("base")
            .config(
                "{\"architectures\": [\"%s\"], \"model_type\": \"%s\"}"
                    .formatted(architecture, type));
    for (String tensor : tensors) {
      headers.tensor(tensor, 8, 8);
    }
    return AdapterTargets.of(headers.open());
  }

  private static AdapterTargets llama() {
    return targets("LlamaForCausalLM", "llama", "model.layers.0.self_attn.q_proj.weight");
  }

  @ParameterizedTest
  @CsvSource({
    "model.layers.0.self_attn.q_proj.weight, LINEAR",
    "model.layers.0.mlp.experts.3.gate_proj.weight, LINEAR",
    "model.layers.0.mlp.shared_expert_gate.weight, LINEAR",
    "model.embed_tokens.weight, EMBEDDING",
    "lm_head.weight, HEAD",
    "model.layers.0.mlp.gate.weight, OTHER",
    "model.layers.0.block_sparse_moe.router.weight, OTHER",
    "embeddings.position_embeddings.weight, OTHER",
    "transformer.wpe.weight, OTHER",
    "encoder.block.0.layer.0.SelfAttention.relative_attention_bias.weight, OTHER",
    "model.layers.0.self_attn.q_proj.bias, OTHER",
    "model.layers.0.A_log, OTHER",
  })
  void tellsWhatATensorIs(String tensor, Kind kind) {
    assertThat(llama().kind(tensor, MATRIX)).isEqualTo(kind);
  }

  @Test
  void whatIsNoMatrixIsNoLinearLayer() {
    String name = "model.layers.0.self_attn.q_proj.weight";
    assertThat(llama().kind(name, Shape.of(8))).isEqualTo(Kind.OTHER);
    assertThat(llama().kind(name, Shape.of(8, 8, 3, 3))).isEqualTo(Kind.OTHER);
  }

  @Test
  void conv1dOfGpt2IsTurned() {
    AdapterTargets gpt2 = targets("GPT2LMHeadModel", "gpt2", "transformer.h.0.attn.c_attn.weight");
    assertThat(gpt2.kind("transformer.h.0.attn.c_attn.weight", MATRIX)).isEqualTo(Kind.TURNED);
    assertThat(llama().kind("model.c_attn.weight", MATRIX)).isEqualTo(Kind.LINEAR);
  }

  @Test
  void givesModulesTheNamesThatTheyHaveInTheirClass() {
    AdapterTargets without = targets("GPT2LMHeadModel", "gpt2", "h.0.attn.c_attn.weight");
    assertThat(without.module("h.0.attn.c_attn.weight")).isEqualTo("transformer.h.0.attn.c_attn");
    assertThat(without.module("lm_head.weight")).isEqualTo("lm_head");
    AdapterTargets with = targets("GPT2LMHeadModel", "gpt2", "transformer.h.0.attn.c_attn.weight");
    assertThat(with.module("transformer.h.0.ln_1.bias")).isEqualTo("transformer.h.0.ln_1");
    AdapterTargets headless = targets("GPT2Model", "gpt2", "h.0.attn.c_attn.weight");
    assertThat(headless.module("h.0.attn.c_attn.weight")).isEqualTo("h.0.attn.c_attn");
  }

  @Test
  void knowsWhereNothingButTensorsLies() {
    AdapterTargets targets =
        targets(
            "LlamaForCausalLM", "llama", "model.mixer.A_log", "model.mixer.in_proj.weight", "x");
    assertThat(targets.isLeaf("model.mixer.A_log")).isFalse();
    assertThat(targets.isLeaf("model.mixer.in_proj.weight")).isTrue();
    assertThat(targets.isLeaf("x")).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "LlamaForCausalLM, CAUSAL_LM",
    "GPT2LMHeadModel, CAUSAL_LM",
    "BertForSequenceClassification, ''",
    "LlamaModel, ''"
  })
  void tellsTheTaskWherePeftNeedsNoMore(String architecture, String task) {
    assertThat(targets(architecture, "llama", "w").task().orElse("")).isEqualTo(task);
  }

  private static AdapterTargets tied(String architecture) {
    return AdapterTargets.of(
        ModelHeaders.named("base")
            .config(
                "{\"architectures\": [\"%s\"], \"model_type\": \"any\", \"tie_word_embeddings\": true}"
                    .formatted(architecture))
            .tensor("model.embed_tokens.weight", 8, 8)
            .open());
  }

  @Test
  void anEmbeddingStandsForAHeadOnlyWhereTheClassHasOne() {
    assertThat(tied("LlamaForCausalLM").sharedEmbedding()).contains("model.embed_tokens.weight");
    assertThat(tied("LlamaForCausalLM").hidesSharedHead()).isFalse();
    assertThat(tied("BertForSequenceClassification").sharedEmbedding()).isEmpty();
    assertThat(tied("BertForMaskedLM").sharedEmbedding()).contains("model.embed_tokens.weight");
    assertThat(tied("BertForMaskedLM").hidesSharedHead()).isTrue();
  }
}
