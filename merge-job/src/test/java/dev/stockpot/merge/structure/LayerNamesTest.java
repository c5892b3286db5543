package dev.stockpot.merge.structure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Configurations that name layers of a stack whose layers are others than before. */
class LayerNamesTest {
  private static final List<Integer> MIDDLE_TWICE = List.of(0, 1, 2, 1, 2, 3);
  private static final List<Integer> AS_BEFORE = List.of(0, 1, 2, 3);

  private static LayerKeys.Following follow(String keys, List<Integer> origins) {
    JsonConfiguration config =
        JsonConfiguration.of("{\"num_hidden_layers\": 4, " + keys.replace('\'', '"') + "}");
    List<String> names = IntStream.range(0, 4).mapToObj("model.layers.%s.x"::formatted).toList();
    Stack stack = Structure.of(config, names).mainStacks().get(0);
    return LayerKeys.followNames(config, stack, origins);
  }

  @Test
  void textsThatNameALayerNameItWhereverItIsNow() {
    LayerKeys.Following following =
        follow(
            "'quantization_config': {'modules_to_not_convert':"
                + " ['lm_head', 'model.layers.1.mlp', 'model.layers.3', 'model.norm']}",
            MIDDLE_TWICE);
    assertThat(following.edits())
        .containsExactly(
            new KeyEdit(
                "quantization_config.modules_to_not_convert",
                new KeyEdit.Texts(
                    List.of(
                        "lm_head",
                        "model.layers.1.mlp",
                        "model.layers.3.mlp",
                        "model.layers.5",
                        "model.norm"))));
    assertThat(following.lost()).isEmpty();
  }

  @Test
  void textsThatNameALayerThatIsGoneAreGone() {
    assertThat(follow("'ignore': ['lm_head', 'model.layers.3.mlp']", List.of(0, 1)).edits())
        .containsExactly(new KeyEdit("ignore", new KeyEdit.Texts(List.of("lm_head"))));
  }

  @Test
  void keysThatNameALayerFollow() {
    assertThat(
            follow("'bits': {'model.layers.0.mlp': 8, 'model.layers.2': 4}", MIDDLE_TWICE).edits())
        .containsExactly(
            new KeyEdit(
                "bits",
                new KeyEdit.Renamed(
                    Map.of(
                        "model.layers.0.mlp", "model.layers.0.mlp",
                        "model.layers.2", "model.layers.2",
                        "model.layers.4", "model.layers.2"))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'pruned_heads': {'1': [0], '3': [2]}",
        "'layer_sizes': {'1': 8, '3': 9}",
        "'block_config': {'1': {'a': 1}, '3': {'a': 2}}"
      })
  void mapsWithLayersAsKeysFollow(String map) {
    LayerKeys.Following following = follow(map, MIDDLE_TWICE);
    assertThat(following.edits())
        .extracting(KeyEdit::change)
        .containsExactly(new KeyEdit.Renamed(Map.of("1", "1", "3", "1", "5", "3")));
    assertThat(following.lost()).isEmpty();
  }

  @Test
  void anUnknownMapWithAKeyForEachLayerFollows() {
    String map = "'of_next_year': {'0': 'a', '1': 'b', '2': 'c', '3': 'd'}";
    assertThat(follow(map, List.of(3, 1)).edits())
        .containsExactly(
            new KeyEdit("of_next_year", new KeyEdit.Renamed(Map.of("0", "3", "1", "1"))));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "'of_next_year': {'0': 1, '2': 3}; of_next_year: its keys may be layers (0, 2)",
        "'ignore': ['re:.*layers[.]3[.]mlp.*']; ignore: re:.*layers[.]3[.]mlp.*",
        "'skip': {'layers.2.mlp': 1}; skip: layers.2.mlp seems to name layers",
        "'tap': 'model.layers.2'; tap: model.layers.2 seems to name layers"
      })
  void whatMayNameLayersInAnotherWayIsLost(String keys, String message) {
    assertThat(follow(keys, MIDDLE_TWICE).lost()).singleElement().asString().contains(message);
    assertThat(follow(keys, AS_BEFORE).lost()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'id2label': {'0': 'no', '1': 'yes'}",
        "'id2label': {'0': 'a', '1': 'b', '2': 'c', '3': 'd'}",
        "'label_names': {'0': 'a', '1': 'b'}",
        "'sizes': {'7': 1, '9': 2}",
        "'vision_config': {'model_type': 'v', 'taps': {'0': 1, '1': 2}}",
        "'modules': ['visual.layers.1.mlp', 'lm_head']",
        "'auto_map': {'AutoModel': 'modeling_x.Model'}",
        "'list': ['a', 'b'], 'empty': {}, 'nothing': null"
      })
  void whatNamesOtherThingsStays(String keys) {
    LayerKeys.Following following = follow(keys, MIDDLE_TWICE);
    assertThat(following.edits()).isEmpty();
    assertThat(following.lost()).isEmpty();
  }

  @Test
  void nothingChangesWhereLayersStayWhereTheyWere() {
    assertThat(follow("'ignore': ['model.layers.1.mlp']", AS_BEFORE).edits()).isEmpty();
    assertThat(follow("'pruned_heads': {'1': [0]}", AS_BEFORE).edits()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'moe': {'layer_kinds': [1, 2, 3, 4]}",
        "'attention': {'window_by_block': [null, 128, null, 128]}",
        "'sparse': {'by': {'layers': ['a', 'b', 'a', 'b']}}",
      })
  void listsWithAnEntryForEachLayerFollowInObjectsOfAnyDepth(String list) {
    LayerKeys.Following following = follow(list, MIDDLE_TWICE);
    assertThat(following.edits())
        .extracting(KeyEdit::change)
        .containsExactly(new KeyEdit.Rearranged(MIDDLE_TWICE));
    assertThat(following.lost()).isEmpty();
    assertThat(follow(list, AS_BEFORE).edits()).isEmpty();
  }

  @Test
  void aListAsLongAsTheStackWhoseNameSaysNothingIsTold() {
    LayerKeys.Following following = follow("'moe': {'kinds': [1, 2, 3, 4]}", MIDDLE_TWICE);
    assertThat(following.edits()).isEmpty();
    assertThat(following.lost())
        .containsExactly(
            "moe.kinds: it has as many entries as there were layers, 4, and may be about them");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'rope_scaling': {'short_factor': [1, 2, 3, 4], 'mrope_section': [4, 4, 4, 4]}",
        "'vision_config': {'model_type': 'v', 'layers_of_it': [1, 2, 3, 4]}",
        "'moe': {'layer_kinds': [1, 2, 3]}",
        "'task': {'label_ids': [1, 2, 3, 4]}",
      })
  void listsOfOtherThingsStayAndAreNotTold(String list) {
    LayerKeys.Following following = follow(list, MIDDLE_TWICE);
    assertThat(following.edits()).isEmpty();
    assertThat(following.lost()).isEmpty();
  }

  @Test
  void listsOutsideOfTheObjectThatCountsAreFollowedToo() {
    JsonConfiguration config =
        JsonConfiguration.of(
            """
            {"layer_kinds": ["a", "b", "a", "b"], "text_config": {"model_type": "llama",
             "num_hidden_layers": 4, "layer_types": ["a", "b", "a", "b"]}}
            """);
    List<String> names =
        IntStream.range(0, 4).mapToObj("language_model.model.layers.%s.x"::formatted).toList();
    Stack stack = Structure.of(config, names).mainStacks().get(0);

    assertThat(LayerKeys.followNames(config, stack, MIDDLE_TWICE).edits())
        .containsExactly(new KeyEdit("layer_kinds", new KeyEdit.Rearranged(MIDDLE_TWICE)));
  }
}
