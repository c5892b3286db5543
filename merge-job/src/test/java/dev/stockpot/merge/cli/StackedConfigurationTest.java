package dev.stockpot.merge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Layers 0, 1, 2, 1, 2, 3 of a model of four: whatever names layers in its configuration follows,
 * stays where it is still true, or is a refusal that says why.
 */
class StackedConfigurationTest {
  private static final String STACK =
      """
      merge_method: passthrough
      slices:
      - sources: [{model: a, layer_range: [0, 3]}]
      - sources: [{model: a, layer_range: [1, 4]}]
      """;

  @TempDir private Path folder;
  private Situation here;

  @BeforeEach
  void stand() {
    here = new Situation(folder);
  }

  private void model(String keys) throws IOException {
    ModelFolder model =
        here.model("a")
            .file(
                "config.json", "{%s, \"num_hidden_layers\": 4}".formatted(keys.replace('\'', '"')));
    for (int layer = 0; layer < 4; layer++) {
      model.filled("model.layers.%s.w".formatted(layer), layer, 2, 2);
    }
    model.write();
  }

  private void assertBecomes(String before, String after) throws IOException {
    model(before);

    here.merge(STACK).succeeds();

    assertThat(here.text("config.json"))
        .isEqualTo("{%s, \"num_hidden_layers\": 6}".formatted(after.replace('\'', '"')));
    for (int layer = 0; layer < 6; layer++) {
      assertThat(here.first("model.layers.%s.w".formatted(layer)))
          .isEqualTo(layer < 3 ? layer : layer - 2);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "'cross_attention_layers': [1, 3]; 'cross_attention_layers': [1, 3, 5]",
        "'moe_layers': [1, 3]; 'moe_layers': [1, 3, 5]",
        "'mlp_only_layers': [1]; 'mlp_only_layers': [1, 3]",
        "'attn_layer_indices': [1, 3]; 'attn_layer_indices': [1, 3, 5]",
        "'hybrid_layer_ids': [1, 3]; 'hybrid_layer_ids': [1, 3, 5]",
        "'hybrid_override_pattern': 'M-M*'; 'hybrid_override_pattern': 'M-M-M*'",
        "'no_rope_layers': [1, 1, 1, 0]; 'no_rope_layers': [1, 1, 1, 1, 1, 0]",
        "'layer_types': ['a', 'b', 'c', 'd']; 'layer_types': ['a', 'b', 'c', 'b', 'c', 'd']",
        "'of_next_year': [1, 2, 3, 4]; 'of_next_year': [1, 2, 3, 2, 3, 4]",
        "'pruned_heads': {'1': [0], '3': [2]}; 'pruned_heads': {'1': [0], '3': [0], '5': [2]}",
        "'by_layer': {'0': 7, '2': 'x'}; 'by_layer': {'0': 7, '2': 'x', '4': 'x'}",
        "'skip': ['lm_head', 'model.layers.3.w'], 'more': {'model.layers.0': 5};"
            + " 'skip': ['lm_head', 'model.layers.5.w'], 'more': {'model.layers.0': 5}",
      })
  void listsAndPatternsFollow(String before, String after) throws IOException {
    assertBecomes(before, after);
  }

  /** Every layer lies where one of its kind would: at even places what was at even ones. */
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "'attn_layer_offset': 1, 'attn_layer_period': 2",
        "'expert_layer_period': 2, 'expert_layer_offset': 1",
        "'mlp_only_layers': [0], 'decoder_sparse_step': 2",
        "'interleave_moe_layer_step': 2, 'moe_layers': []",
        "'model_type': 'gemma2', 'sliding_window': 4",
        "'first_k_dense_replace': 1",
      })
  void whatIsStillTrueStays(String keys) throws IOException {
    assertBecomes(keys, keys);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "'sliding_window_pattern': 3;"
            + " sliding_window_pattern: layer 3 of the output was layer 1, at another place in the"
            + " period of 3",
        "'attn_layer_offset': 0, 'attn_layer_period': 3; attn_layer_period",
        "'num_kv_shared_layers': 2; num_kv_shared_layers: its layers would be [2, 4, 5]",
        "'first_k_dense_replace': 2; first_k_dense_replace: its layers would be [0, 1, 3]",
        "'of_next_year': {'1': 1, '2': 2}; of_next_year: its keys may be layers (1, 2)",
        "'ignore': ['re:.*layers[.]1[.].*']; ignore: re:.*layers[.]1[.].* seems to name layers",
      })
  void whatCannotBeSaidIsRefusedWithTheKey(String keys, String message) throws IOException {
    model(keys);

    CommandLineRun run = here.plan(STACK);

    assertThat(run.exitCode()).as(run.out()).isEqualTo(2);
    assertThat(run.err())
        .contains("config.json of a cannot describe these layers", message)
        .contains("lost-keys=keep");
  }

  @Test
  void aStackWithoutTheDenseLayerHasNone() throws IOException {
    model("'model_type': 'deepseek_v2', 'first_k_dense_replace': 1, 'n_routed_experts': 2");

    here.merge(
            """
            merge_method: passthrough
            slices:
            - sources: [{model: a, layer_range: [1, 3]}]
            - sources: [{model: a, layer_range: [1, 4]}]
            """)
        .succeeds();

    assertThat(here.text("config.json"))
        .contains("\"first_k_dense_replace\": 0", "\"num_hidden_layers\": 5");
  }

  @Test
  void theVisionTowerOfAStackedLanguageModelStaysWhatItIs() throws IOException {
    String config =
        """
        {"text_config": {"num_hidden_layers": %s, "layer_types": [%s]},
         "vision_config": {"depth": 4, "deepstack_visual_indexes": [0, 1, 2, 3]}}""";
    ModelFolder model =
        here.model("a").file("config.json", config.formatted(4, "\"s\", \"t\", \"u\", \"v\""));
    for (int layer = 0; layer < 4; layer++) {
      model.filled("model.language_model.layers.%s.w".formatted(layer), layer, 2, 2);
      model.filled("model.visual.blocks.%s.w".formatted(layer), layer, 2, 2);
    }
    model.write();

    here.merge(STACK.replace("layer_range", "stack: text, layer_range")).succeeds();

    assertThat(here.text("config.json"))
        .isEqualTo(config.formatted(6, "\"s\", \"t\", \"u\", \"t\", \"u\", \"v\""));
    assertThat(here.first("model.visual.blocks.3.w")).isEqualTo(3);
    assertThat(here.first("model.language_model.layers.5.w")).isEqualTo(3);
  }
}
