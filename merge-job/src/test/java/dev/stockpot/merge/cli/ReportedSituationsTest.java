package dev.stockpot.merge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.kernels.number.DType;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Situations that people reported of mergers of models, each with what is right. */
class ReportedSituationsTest extends ReportedCases {
  @Test
  void codesOfGptqAreNotMerged() throws IOException {
    for (String name : List.of("a", "b")) {
      model(name, "{'quantization_config': {'quant_method': 'gptq', 'bits': 4}}")
          .tensor("layer.qweight", DType.I32, new byte[16], 1, 4)
          .tensor("layer.qzeros", DType.I32, new byte[4], 1, 1)
          .tensor("layer.g_idx", DType.I32, new byte[32], 8)
          .tensor("layer.scales", DType.F16, new byte[8], 1, 4)
          .write();
    }

    CommandLineRun run = here.plan(Situation.half("a", "b"));

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err())
        .contains("recipe.yml:3: a is quantised (GPTQ)", "recipe.yml:4: b is quantised (GPTQ)")
        .contains("De-quantise the model first");
  }

  @Test
  void codesOfMxfp4AreMergedAsNumbers() throws IOException {
    for (String name : List.of("a", "b")) {
      model(name, "{'quantization_config': {'quant_method': 'mxfp4'}}")
          .tensor("mlp.experts.down_proj_blocks", DType.U8, new byte[32], 1, 2, 1, 16)
          .tensor("mlp.experts.down_proj_scales", DType.U8, new byte[2], 1, 2, 1)
          .write();
    }

    CommandLineRun run = here.plan(Situation.half("a", "b")).succeeds();

    assertThat(run.out() + run.err()).contains("MXFP4").contains("times its scales");
  }

  @Test
  void aHeadThatOneModelSharesCountsAsItsEmbedding() throws IOException {
    String config = "{'model_type': 'gemma2', 'num_hidden_layers': 1}";
    model("a", config)
        .filled("model.embed_tokens.weight", 1, 4, 2)
        .filled("model.layers.0.w", 0, 2, 2)
        .write();
    model("b", config)
        .filled("model.embed_tokens.weight", 3, 4, 2)
        .filled("model.layers.0.w", 0, 2, 2)
        .filled("lm_head.weight", 3, 4, 2)
        .write();

    for (String missing : List.of("fail", "copy")) {
      here.merge(Situation.half("a", "b"), "--set", "missing-tensors=" + missing).succeeds();
      assertThat(here.first("model.embed_tokens.weight")).isEqualTo(2);
      assertThat(here.first("lm_head.weight")).isEqualTo(2);
      assertThat(here.text("config.json")).contains("\"tie_word_embeddings\": false");
    }
  }

  @Test
  void biasesThatTheConfigurationDeniesAreTold() throws IOException {
    for (String name : List.of("a", "b")) {
      boolean has = name.equals("b");
      ModelFolder model =
          model(
              name,
              "{'model_type': 'llama', 'num_hidden_layers': 1, 'attention_bias': %s}"
                  .formatted(has));
      model.filled("model.layers.0.self_attn.q_proj.weight", 1, 2, 2);
      if (has) {
        model.filled("model.layers.0.self_attn.q_proj.bias", 1, 2);
      }
      model.write();
    }

    CommandLineRun refused = here.plan(Situation.half("a", "b"));
    assertThat(refused.exitCode()).isEqualTo(2);
    assertThat(refused.err()).contains("a lacks 1 tensor that other models have");
    CommandLineRun copied =
        here.plan(Situation.half("a", "b"), "--set", "missing-tensors=copy").succeeds();
    assertThat(copied.out()).contains("attention_bias is false", "loaders will leave them out");
  }

  @ParameterizedTest
  @CsvSource({
    "rope_theta, 10000, 1000000, 0, rope_theta is 1000000 in b",
    "num_attention_heads, 2, 4, 2, num_attention_heads is 4 in b",
    "model_type, 'llama', 'gemma', 2, gemma",
  })
  void configurationsThatDifferAreToldOrRefused(
      String key, String a, String b, int exitCode, String words) throws IOException {
    for (String name : List.of("a", "b")) {
      String value = name.equals("a") ? a : b;
      String spelled = value.matches("\\d+") ? value : "'" + value + "'";
      ModelFolder model = model(name, "{'num_hidden_layers': 1, '%s': %s}".formatted(key, spelled));
      layers(model, "model.layers", 1, 1);
      model.write();
    }

    CommandLineRun run = here.plan(Situation.half("a", "b"));

    assertThat(run.exitCode()).isEqualTo(exitCode);
    assertThat(run.out() + run.err()).contains(words);
  }

  @Test
  void namesWithAndWithoutAPrefixAreOne() throws IOException {
    for (String name : List.of("a", "b")) {
      ModelFolder model = model(name, "{'model_type': 'bert', 'num_hidden_layers': 2}");
      String prefix = name.equals("a") ? "" : "bert.";
      model.filled(prefix + "embeddings.word_embeddings.weight", 1, 4, 2);
      layers(model, prefix + "encoder.layer", 2, name.equals("a") ? 0 : 1);
      model.write();
    }

    CommandLineRun run = here.merge(Situation.half("a", "b"));

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(new Tensors(here.out()).checkpoint().tensors().keySet())
        .containsExactly(
            "embeddings.word_embeddings.weight", "encoder.layer.0.w", "encoder.layer.1.w");
    assertThat(shares("encoder.layer", 2)).containsExactly(0.5, 0.5);
  }
}
