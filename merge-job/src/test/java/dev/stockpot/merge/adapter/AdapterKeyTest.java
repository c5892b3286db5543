package dev.stockpot.merge.adapter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.merge.adapter.AdapterKey.Part;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Names of an adapter's tensors say what these are for. */
class AdapterKeyTest {
  @ParameterizedTest
  @CsvSource({
    "lora_A.weight, A",
    "lora_B.weight, B",
    "lora_A.default.weight, A",
    "lora_B.math.weight, B",
    "lora_B.bias, BIAS",
    "lora_B.default.bias, BIAS",
    "lora_embedding_A, EMBEDDING_A",
    "lora_embedding_B.default, EMBEDDING_B",
    "lora_magnitude_vector, MAGNITUDE",
    "lora_magnitude_vector.weight, MAGNITUDE",
    "lora_magnitude_vector.default.weight, MAGNITUDE",
    "token_adapter.trainable_tokens_delta, TOKENS"
  })
  void partsOfALora(String rest, Part part) {
    assertThat(AdapterKey.of("base_model.model.model.layers.0.mlp.up_proj." + rest))
        .hasValue(new AdapterKey("model.layers.0.mlp.up_proj", part));
  }

  @ParameterizedTest
  @CsvSource({
    "base_model.model.lm_head.weight, lm_head.weight",
    "base_model.model.lm_head.modules_to_save.weight, lm_head.weight",
    "base_model.model.score.modules_to_save.default.weight, score.weight",
    "base_model.model.model.embed_tokens.base_layer.weight, model.embed_tokens.weight",
    "base_model.model.h.0.attn.c_attn.base_layer.bias, h.0.attn.c_attn.bias",
    "base_model.model.model.embed_tokens.token_adapter.base_layer.weight, model.embed_tokens.weight"
  })
  void wholeCopiesHaveTheNamesOfTheBase(String name, String tensor) {
    assertThat(AdapterKey.of(name)).hasValue(new AdapterKey(tensor, Part.COPY));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "base_model.model.model.layers.0.q_proj.lora_E",
        "base_model.model.model.layers.0.q_proj.lora_diag",
        "base_model.model.model.layers.0.q_proj.hada_w1_a",
        "base_model.model.model.layers.0.q_proj.lora_A.weight.absmax"
      })
  void otherFormsAreNotTakenForCopies(String name) {
    assertThat(AdapterKey.of(name)).isEmpty();
  }

  @Test
  void parametersOfOneModuleAreNested() {
    String inner = "model.layers.0.mlp.experts.base_layer";
    assertThat(AdapterKey.isInner(inner)).isTrue();
    assertThat(AdapterKey.plain(inner)).isEqualTo("model.layers.0.mlp.experts");
    assertThat(AdapterKey.plain("attn.base_layer.out_proj")).isEqualTo("attn.out_proj");
    assertThat(AdapterKey.isInner("attn.base_layer.out_proj")).isFalse();
  }
}
