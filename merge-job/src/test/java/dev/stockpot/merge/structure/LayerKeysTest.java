package dev.stockpot.merge.structure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Configurations of stacks whose layers are others than before. */
class LayerKeysTest {
  private static final List<Integer> MIDDLE_TWICE = List.of(0, 1, 2, 1, 2, 3);

  /** What follows where four layers become others. */
  private static LayerKeys.Following follow(String keys, List<Integer> origins) {
    JsonConfiguration config =
        JsonConfiguration.of("{\"num_hidden_layers\": 4, " + keys.replace('\'', '"') + "}");
    List<String> names = IntStream.range(0, 4).mapToObj("model.layers.%s.x"::formatted).toList();
    return LayerKeys.follow(config, Structure.of(config, names).mainStacks().get(0), origins);
  }

  private static KeyEdit layers(int count) {
    return new KeyEdit("num_hidden_layers", new KeyEdit.Whole(count));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "cross_attention_layers",
        "moe_layers",
        "mlp_only_layers",
        "attn_layer_indices",
        "hybrid_layer_ids",
        "full_attn_idxs",
        "global_attn_indexes"
      })
  void followListsOfTheLayersOfAKind(String key) {
    LayerKeys.Following following = follow("'%s': [1, 3]".formatted(key), MIDDLE_TWICE);
    assertThat(following.edits())
        .containsExactly(new KeyEdit(key, new KeyEdit.Wholes(List.of(1, 3, 5))), layers(6));
    assertThat(following.lost()).isEmpty();
  }

  /** GPT-2 has a flag that is called like a list of layers. */
  @ParameterizedTest
  @ValueSource(strings = {"false", "true", "3", "'no'", "null", "{}"})
  void leaveAloneWhatIsOnlyCalledLikeAListOfLayers(String value) {
    String key = "'scale_attn_by_inverse_layer_idx': %s".formatted(value);
    assertThat(follow(key, MIDDLE_TWICE).edits()).containsExactly(layers(6));
  }

  @ParameterizedTest
  @ValueSource(strings = {"conv_dim", "conv_stride", "tdnn_kernel", "eos_token_ids"})
  void leaveListsOfOtherThingsAlone(String key) {
    assertThat(follow("'%s': [1, 2, 3, 4]".formatted(key), MIDDLE_TWICE).edits())
        .containsExactly(layers(6));
  }

  @Test
  void keepThePeriodOfKindsOfBlocks() {
    String kinds = "'block_types': ['recurrent', 'recurrent', 'attention']";
    assertThat(follow(kinds, List.of(0, 1, 2, 3)).lost()).isEmpty();
    assertThat(follow(kinds, MIDDLE_TWICE).lost())
        .containsExactly(
            "block_types: layer 3 of the output was layer 1, at another place in the period of 3");
  }

  @Test
  void changeTheCountOfTheBlocksOfOneStage() {
    JsonConfiguration config = JsonConfiguration.of("{\"depths\": [1, 2], \"num_heads\": [4, 8]}");
    List<String> names = List.of("s.stages.0.b.0.x", "s.stages.1.b.0.x", "s.stages.1.b.1.x");
    Stack second = Structure.of(config, names).stages().get(1);
    LayerKeys.Following following = LayerKeys.follow(config, second, List.of(0, 1, 1));
    assertThat(following.edits()).containsExactly(new KeyEdit("depths", new KeyEdit.Element(1, 3)));
    assertThat(following.lost()).isEmpty();
  }

  @Test
  void tellOfATensorWithARowForEachLayer() {
    String yolos = "'model_type': 'yolos'";
    assertThat(follow(yolos, MIDDLE_TWICE).lost())
        .containsExactly("vit.encoder.mid_position_embeddings: it has a row for each layer");
    assertThat(follow(yolos, List.of(0, 1, 2, 3)).lost()).isEmpty();
  }

  /** Configurations of cut models name layers that are not there any more. */
  @Test
  void dropLayersFromAListThatAreNotThere() {
    LayerKeys.Following following = follow("'cross_attention_layers': [3, 8, 13]", MIDDLE_TWICE);
    assertThat(following.edits())
        .containsExactly(
            new KeyEdit("cross_attention_layers", new KeyEdit.Wholes(List.of(5))), layers(6));
    assertThat(following.lost()).isEmpty();
  }

  @Test
  void followAListOfLayersThatHappensToBeAsLong() {
    assertThat(follow("'mlp_only_layers': [0, 1, 2, 3]", List.of(0, 2)).edits())
        .containsExactly(
            new KeyEdit("mlp_only_layers", new KeyEdit.Wholes(List.of(0, 1))), layers(2));
  }

  @Test
  void followListsWithAnEntryForEachLayer() {
    assertThat(follow("'layer_types': ['a', 'b', 'c', 'd']", List.of(0, 3, 9)).edits())
        .containsExactly(
            new KeyEdit("layer_types", new KeyEdit.Rearranged(List.of(0, 3, 3))), layers(3));
  }

  @Test
  void followPatternsOfLetters() {
    assertThat(follow("'hybrid_override_pattern': 'M-M*'", MIDDLE_TWICE).edits())
        .containsExactly(
            new KeyEdit("hybrid_override_pattern", new KeyEdit.Letters("M-M-M*")), layers(6));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"0 0 1 2 3 | 2", "1 2 3 | 0", "0 1 2 3 | 1", "0 | 1"})
  void followTheNumberOfDenseLayersAtTheBottom(String origins, int dense) {
    List<Integer> layers = List.of(origins.split(" ")).stream().map(Integer::valueOf).toList();
    LayerKeys.Following following = follow("'first_k_dense_replace': 1", layers);
    assertThat(following.lost()).isEmpty();
    KeyEdit edit = new KeyEdit("first_k_dense_replace", new KeyEdit.Whole(dense));
    assertThat(following.edits().contains(edit)).isEqualTo(dense != 1);
  }

  @Test
  void loseADenseLayerAmongOthers() {
    LayerKeys.Following following = follow("'first_k_dense_replace': 1", List.of(0, 1, 2, 0, 1));
    assertThat(following.edits()).containsExactly(layers(5));
    assertThat(following.lost())
        .containsExactly("first_k_dense_replace: its layers would be [0, 3]");
  }

  @Test
  void followLayersThatShareAtTheTop() {
    assertThat(follow("'num_kv_shared_layers': 2", List.of(0, 1, 2, 2, 3)).edits())
        .contains(new KeyEdit("num_kv_shared_layers", new KeyEdit.Whole(3)));
    assertThat(follow("'num_kv_shared_layers': 2", List.of(0, 2, 1, 3)).lost())
        .containsExactly("num_kv_shared_layers: its layers would be [1, 3]");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'attn_layer_period': 2", "'expert_layer_period': 2", "'decoder_sparse_step': 2",
        "'sliding_window_pattern': 2", "'moe_layer_freq': 2", "'sliding_window_pattern': 'LG'",
        "'interleave_moe_layer_step': 2", "'model_type': 'gemma2'"
      })
  void keepPeriodsThatStillHoldAndLoseOthers(String period) {
    assertThat(follow(period, List.of(0, 1, 2, 2, 3)).lost())
        .singleElement()
        .asString()
        .endsWith(": layer 3 of the output was layer 2, at another place in the period of 2");
    LayerKeys.Following kept = follow(period, List.of(0, 1, 2, 3, 2, 3));
    assertThat(kept.lost()).isEmpty();
    assertThat(kept.edits()).containsExactly(layers(6));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'sliding_window_pattern': 2, 'layer_types': ['a', 'b', 'a', 'b']",
        "'interleave_moe_layer_step': 2, 'moe_layers': [1, 3]",
        "'no_rope_layer_interval': 4, 'no_rope_layers': [1, 1, 1, 0]",
        "'model_type': 'gemma2', 'layer_types': ['a', 'b', 'a', 'b']",
        "'decoder_sparse_step': 1"
      })
  void needNoPeriodWhereAListSaysItLayerByLayer(String keys) {
    assertThat(follow(keys, List.of(0, 0, 1, 3)).lost()).isEmpty();
  }

  @Test
  void followTheWindowOnlyWhereItIsUsed() {
    String window = "'max_window_layers': 2, 'use_sliding_window': ";
    assertThat(follow(window + "false", List.of(0, 1, 2, 0)).lost()).isEmpty();
    assertThat(follow(window + "true", List.of(0, 1, 2, 0)).lost()).hasSize(1);
    assertThat(follow(window + "true", List.of(0, 0, 1, 3)).edits())
        .contains(new KeyEdit("max_window_layers", new KeyEdit.Whole(3)));
  }

  @Test
  void loseACountThatAModelsConfigurationDoesNotHave() {
    List<String> names = List.of("blocks.0.x", "blocks.1.x");
    JsonConfiguration known = JsonConfiguration.of("{\"architectures\": [\"Ours\"]}");
    Stack stack = Structure.of(known, names).mainStacks().get(0);
    assertThat(LayerKeys.follow(known, stack, List.of(0, 0, 1)).lost())
        .containsExactly("No key of it counts text (blocks.*, 2 layers)");
    JsonConfiguration none = JsonConfiguration.of("{}");
    assertThat(LayerKeys.follow(none, stack, List.of(0, 0, 1)).lost()).isEmpty();
  }
}
