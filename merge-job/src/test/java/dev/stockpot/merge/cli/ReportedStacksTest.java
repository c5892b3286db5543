package dev.stockpot.merge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Reported situations of models with several stacks, and of layers that are stacked. */
class ReportedStacksTest extends ReportedCases {
  private static final String GRADIENT =
      """
      merge_method: linear
      models:
      - {model: a, parameters: {weight: [1, 0]}}
      - {model: b, parameters: {weight: [0, 1]}}
      """;

  private static String stack(String model, int... ranges) {
    StringBuilder recipe = new StringBuilder("merge_method: passthrough\nslices:\n");
    for (int i = 0; i < ranges.length; i += 2) {
      recipe.append(
          "- sources: [{model: %s, layer_range: [%s, %s]}]\n"
              .formatted(model, ranges[i], ranges[i + 1]));
    }
    return recipe.toString();
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
        "{'model_type': 't5', 'num_layers': 4, 'num_decoder_layers': 4, 'is_encoder_decoder':"
            + " true}";
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
}
