package dev.stockpot.merge.compare;

import static dev.stockpot.merge.compare.Difference.Weight.NONSENSE;
import static dev.stockpot.merge.compare.Difference.Weight.PERHAPS_MEANT;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigComparisonTest {
  private static List<Difference> differences(Map<String, String> a, Map<String, String> b) {
    return ConfigComparison.of(new Described("a", a), new Described("b", b));
  }

  private static Map<String, String> kind(String modelType, String architecture) {
    return Map.of("model_type", modelType, "architectures", "[\"%s\"]".formatted(architecture));
  }

  @Test
  void saysWhatEachModelIs() {
    assertThat(differences(kind("llama", "LlamaForCausalLM"), kind("qwen2", "Qwen2ForCausalLM")))
        .containsExactly(new Difference(NONSENSE, "a is LlamaForCausalLM, b is Qwen2ForCausalLM"));
  }

  @Test
  void letsFamiliesPassThatComputeTheSame() {
    assertThat(
            differences(kind("llama", "LlamaForCausalLM"), kind("mistral", "MistralForCausalLM")))
        .containsExactly(
            new Difference(PERHAPS_MEANT, "a is LlamaForCausalLM, b is MistralForCausalLM"));
  }

  @Test
  void letsFamiliesPassThatOneClassLoads() {
    assertThat(
            differences(
                kind("deepseek_v3", "DeepseekV3ForCausalLM"),
                kind("kimi_k2", "DeepseekV3ForCausalLM")))
        .containsExactly(
            new Difference(PERHAPS_MEANT, "a is of model_type deepseek_v3, b of kimi_k2"));
  }

  @Test
  void letsOtherHeadsOfOneFamilyPass() {
    assertThat(differences(kind("bert", "BertModel"), kind("bert", "BertForMaskedLM")))
        .containsExactly(new Difference(PERHAPS_MEANT, "a is BertModel, b is BertForMaskedLM"));
  }

  @Test
  void readsFamiliesOffClassesWhereNoTypeIsSaid() {
    assertThat(
            differences(
                Map.of("architectures", "[\"LlamaForCausalLM\"]"),
                Map.of("architectures", "[\"GemmaForCausalLM\"]")))
        .extracting(Difference::weight)
        .containsExactly(NONSENSE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "hidden_size",
        "num_attention_heads",
        "num_key_value_heads",
        "head_dim",
        "text_config.num_attention_heads",
        "vision_config.num_heads"
      })
  void refusesOtherHeadsAndWidths(String path) {
    assertThat(differences(Map.of(path, "2"), Map.of(path, "4")))
        .containsExactly(new Difference(NONSENSE, path + " is 4 in b, 2 in a"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "rope_theta",
        "rms_norm_eps",
        "num_experts_per_tok",
        "sliding_window",
        "text_config.final_logit_softcapping",
        "attention_bias",
        "clip_qkv",
        "alibi",
        "vision_config.patch_size",
        "mamba_expand",
        "a_key_of_next_year",
        "rope_scaling.original_max_position_embeddings_of",
        "rope_parameters.beta_fast"
      })
  void tellsOfWhatMayBeMeant(String path) {
    assertThat(differences(Map.of(path, "2"), Map.of(path, "4")))
        .containsExactly(new Difference(PERHAPS_MEANT, path + " is 4 in b, 2 in a"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "_name_or_path",
        "transformers_version",
        "torch_dtype",
        "text_config.dtype",
        "attention_dropout",
        "initializer_range",
        "bos_token_id",
        "text_config.image_token_index",
        "use_cache",
        "num_hidden_layers",
        "encoder_layers",
        "max_position_embeddings",
        "router_aux_loss_coef",
        "vocab_size",
        "quantization_config.bits",
        "id2label.0",
        "rope_scaling.rope_theta"
      })
  void saysNothingOfWhatChangesNoWeightsMeaning(String path) {
    assertThat(differences(Map.of(path, "2"), Map.of(path, "4"))).isEmpty();
  }

  @Test
  void comparesListsThatAreAsLong() {
    String list = "[\"full_attention\",\"sliding_attention\"%s]";
    Map<String, String> two = Map.of("layer_types", list.formatted(""));
    assertThat(differences(two, Map.of("layer_types", list.formatted(",\"full_attention\""))))
        .isEmpty();
    String other = "[\"sliding_attention\",\"full_attention\"]";
    assertThat(differences(two, Map.of("layer_types", other))).hasSize(1);
    assertThat(differences(Map.of("strides", "[5,2]"), Map.of("strides", "[5,4]")))
        .containsExactly(new Difference(PERHAPS_MEANT, "strides is [5,4] in b, [5,2] in a"));
  }

  @Test
  void quotesTheBeginningOfALongValue() {
    String one = "x".repeat(61);
    assertThat(differences(Map.of("key", "y"), Map.of("key", one)))
        .containsExactly(
            new Difference(PERHAPS_MEANT, "key is %s… in b, y in a".formatted("x".repeat(60))));
  }

  @ParameterizedTest
  @CsvSource({"silu, gelu, NONSENSE", "gelu, gelu_pytorch_tanh, PERHAPS_MEANT"})
  void knowsActivationsThatApproximateEachOther(
      String one, String other, Difference.Weight weight) {
    assertThat(differences(Map.of("hidden_act", one), Map.of("hidden_act", other)))
        .extracting(Difference::weight)
        .containsExactly(weight);
  }

  @Test
  void findsThetaWhereTheNextVersionWritesIt() {
    Map<String, String> fifth =
        Map.of("rope_parameters.rope_theta", "10000", "rope_parameters.rope_type", "default");
    assertThat(differences(Map.of("rope_theta", "10000"), fifth)).isEmpty();
    assertThat(differences(Map.of("rope_theta", "500000"), fifth))
        .containsExactly(new Difference(PERHAPS_MEANT, "rope_theta is 10000 in b, 500000 in a"));
  }

  @Test
  void takesNoScalingForTheDefault() {
    assertThat(
            differences(
                Map.of("rope_theta", "1"), Map.of("rope_theta", "1", "rope_scaling.type", "yarn")))
        .containsExactly(new Difference(PERHAPS_MEANT, "rope_type is yarn in b, default in a"));
  }

  @Test
  void makesNothingOfWhatOnlyOneSays() {
    assertThat(
            differences(
                Map.of("num_key_value_heads", "8", "head_dim", "64", "_name_or_path", "x"),
                Map.of("torch_dtype", "bfloat16", "_name_or_path", "y")))
        .isEmpty();
  }

  @Test
  void tellsOfAnotherQuantisation() {
    assertThat(differences(Map.of(), Map.of("quantization_config.quant_method", "gptq")))
        .containsExactly(
            new Difference(PERHAPS_MEANT, "quantization_config is gptq in b, not there in a"));
  }

  @Test
  void namesSizesThatExplainShapes() {
    assertThat(
            ConfigComparison.sizes(
                new Described("a", Map.of("vocab_size", "32")),
                new Described("b", Map.of("vocab_size", "40"))))
        .containsExactly("vocab_size is 40 in b, 32 in a");
  }
}
