package dev.stockpot.merge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.kernels.number.DType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Situations that people reported of mergers of models, each with what is right. */
class ReportedSituationsTest {
  private static final String GRADIENT =
      """
      merge_method: linear
      models:
      - {model: a, parameters: {weight: [1, 0]}}
      - {model: b, parameters: {weight: [0, 1]}}
      """;

  @TempDir private Path folder;
  private Situation here;

  @BeforeEach
  void stand() {
    here = new Situation(folder);
  }

  private ModelFolder model(String name, String config) throws IOException {
    return here.model(name).file("config.json", config.replace('\'', '"'));
  }

  private static void layers(ModelFolder model, String prefix, int count, float value) {
    for (int layer = 0; layer < count; layer++) {
      model.filled("%s.%s.w".formatted(prefix, layer), value, 2, 2);
    }
  }

  /** Shares of the second model, which is all ones; the first is all zeros. */
  private List<Double> shares(String prefix, int count) throws IOException {
    List<Double> shares = new ArrayList<>();
    for (int layer = 0; layer < count; layer++) {
      shares.add(Math.round(here.first("%s.%s.w".formatted(prefix, layer)) * 100) / 100.0);
    }
    return shares;
  }

  private static String stack(String model, int... ranges) {
    StringBuilder recipe = new StringBuilder("merge_method: passthrough\nslices:\n");
    for (int i = 0; i < ranges.length; i += 2) {
      recipe.append(
          "- sources: [{model: %s, layer_range: [%s, %s]}]\n"
              .formatted(model, ranges[i], ranges[i + 1]));
    }
    return recipe.toString();
  }

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
  void codesOfMxfp4AreNotMerged() throws IOException {
    for (String name : List.of("a", "b")) {
      model(name, "{'quantization_config': {'quant_method': 'mxfp4'}}")
          .tensor("mlp.experts.down_proj_blocks", DType.U8, new byte[32], 1, 2, 1, 16)
          .tensor("mlp.experts.down_proj_scales", DType.U8, new byte[2], 1, 2, 1)
          .write();
    }

    CommandLineRun run = here.plan(Situation.half("a", "b"));

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("a is quantised (MXFP4)").contains("De-quantise");
  }

  @ParameterizedTest
  @CsvSource({
    "llm_config, language_model.model.layers, vision_model.encoder.layers",
    "text_config, language_model.model.layers, vision_tower.vision_model.encoder.layers",
  })
  void eachStackHasItsOwnDepth(String part, String text, String vision) throws IOException {
    String config =
        "{'model_type': 'internvl_chat', '%s': {'num_hidden_layers': 4},"
            + " 'vision_config': {'num_hidden_layers': 3}}";
    for (String name : List.of("a", "b")) {
      ModelFolder model = model(name, config.formatted(part));
      layers(model, text, 4, name.equals("b") ? 1 : 0);
      layers(model, vision, 3, name.equals("b") ? 1 : 0);
      model.write();
    }

    here.merge(GRADIENT).succeeds();
    assertThat(shares(text, 4)).containsExactly(0.0, 0.33, 0.67, 1.0);
    assertThat(shares(vision, 3)).containsExactly(0.0, 0.5, 1.0);

    CommandLineRun run = here.plan(stack("a", 0, 3, 1, 4));
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("a has several stacks of layers", "stack: text");

    here.merge(stack("a", 0, 3, 1, 4).replace("layer_range", "stack: text, layer_range"))
        .succeeds();
    assertThat(here.text("config.json"))
        .isEqualTo(
            config
                .formatted(part)
                .replace('\'', '"')
                .replace("num_hidden_layers\": 4", "num_hidden_layers\": 6"));
  }

  @Test
  void encoderAndDecoderHaveTheirOwnDepth() throws IOException {
    String config =
        "{'model_type': 't5', 'num_layers': 4, 'num_decoder_layers': 4, 'is_encoder_decoder': true}";
    for (String name : List.of("a", "b")) {
      ModelFolder model = model(name, config);
      layers(model, "encoder.block", 4, name.equals("b") ? 1 : 0);
      layers(model, "decoder.block", 4, name.equals("b") ? 1 : 0);
      model.write();
    }

    here.merge(GRADIENT).succeeds();

    assertThat(shares("encoder.block", 4)).containsExactly(0.0, 0.33, 0.67, 1.0);
    assertThat(shares("decoder.block", 4)).containsExactly(0.0, 0.33, 0.67, 1.0);
    CommandLineRun run = here.plan(stack("a", 0, 3, 1, 4));
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("a has several stacks of layers");
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
  void aBlockThatPredictsFurtherTokensIsNoLayer() throws IOException {
    String config =
        "{'model_type': 'glm4_moe', 'num_hidden_layers': 3, 'num_nextn_predict_layers': 1}";
    for (String name : List.of("a", "b", "without")) {
      ModelFolder model = model(name, config);
      layers(model, "model.layers", name.equals("without") ? 3 : 4, name.equals("a") ? 0 : 1);
      if (!name.equals("without")) {
        model.filled("model.layers.3.eh_proj.weight", 1, 2, 4);
      }
      model.write();
    }

    here.merge(GRADIENT).succeeds();
    assertThat(shares("model.layers", 3)).containsExactly(0.0, 0.5, 1.0);

    CommandLineRun run =
        here.merge(Situation.half("a", "without"), "--set", "missing-tensors=copy").succeeds();
    assertThat(run.err()).contains("Note: 2 tensors copied from one model");
    assertThat(here.first("model.layers.2.w")).isEqualTo(0.5);
  }

  @ParameterizedTest
  @ValueSource(strings = {"{'cross_attention_layers': [1, 3], 'num_hidden_layers': 4}"})
  void listsOfLayersFollow(String config) throws IOException {
    ModelFolder model = model("a", config);
    layers(model, "model.layers", 4, 1);
    model.write();

    here.merge(stack("a", 0, 3, 1, 4)).succeeds();

    assertThat(here.text("config.json"))
        .isEqualTo("{\"cross_attention_layers\": [1, 3, 5], \"num_hidden_layers\": 6}");
  }

  @Test
  void layersThatTheConfigurationCannotDescribeAreRefused() throws IOException {
    ModelFolder model =
        model(
            "a",
            "{'model_type': 'deepseek_v2', 'num_hidden_layers': 4, 'first_k_dense_replace': 1,"
                + " 'moe_layer_freq': 1, 'n_routed_experts': 2}");
    layers(model, "model.layers", 4, 1);
    model.write();

    CommandLineRun run = here.plan(stack("a", 0, 3, 0, 4));
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err())
        .contains("config.json of a cannot describe these layers", "first_k_dense_replace");
    here.plan(stack("a", 0, 3, 2, 4)).succeeds();
  }

  @Test
  void layersOfAnotherArchitectureOrWidthAreNotStacked() throws IOException {
    for (String[] model : new String[][] {{"a", "llama", "8"}, {"b", "gpt_neox", "8"}}) {
      ModelFolder written =
          model(
              model[0],
              "{'model_type': '%s', 'hidden_size': %s, 'num_hidden_layers': 2}"
                  .formatted(model[1], model[2]));
      layers(written, "model.layers", 2, 1);
      written.write();
    }

    CommandLineRun run =
        here.plan(
            """
            merge_method: passthrough
            slices:
            - sources: [{model: a, layer_range: [0, 1]}]
            - sources: [{model: b, layer_range: [1, 2]}]
            """);

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("llama", "gpt_neox");
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
