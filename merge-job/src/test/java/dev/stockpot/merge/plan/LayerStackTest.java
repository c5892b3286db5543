package dev.stockpot.merge.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Finding the numbered layers of a model by the names of its tensors. */
class LayerStackTest {
  private static LayerStack stack(String... tensors) {
    return LayerStack.of(List.of(tensors), OptionalInt.empty()).orElseThrow();
  }

  @ParameterizedTest
  @CsvSource({
    "model.layers.,          mlp.up_proj.weight", // Llama
    "encoder.layer.,         attention.self.query.bias", // BERT
    "bert.encoder.layer.,    output.dense.weight",
    "h.,                     attn.c_attn.weight", // GPT-2
    "transformer.h.,         ln_1.weight",
    "gpt_neox.layers.,       attention.dense.bias",
  })
  void findsTheLayersOfAFamily(String prefix, String within) {
    LayerStack stack =
        stack("norm.weight", prefix + "0." + within, prefix + "1." + within, prefix + "11.x");
    assertThat(stack).isEqualTo(new LayerStack(prefix, 12));
    assertThat(stack.layerOf(prefix + "11.x")).hasValue(11);
    assertThat(stack.layerOf("norm.weight")).isEmpty();
    assertThat(stack.withinLayer(prefix + "0." + within)).isEqualTo(within);
    assertThat(stack.name(3, within)).isEqualTo(prefix + "3." + within);
  }

  @Test
  void takesTheFirstOfTwoNumbersAsTheLayer() {
    LayerStack stack =
        stack(
            "model.layers.0.block_sparse_moe.experts.63.w1.weight",
            "model.layers.1.block_sparse_moe.experts.0.w1.weight");
    assertThat(stack).isEqualTo(new LayerStack("model.layers.", 2));
    assertThat(stack.withinLayer("model.layers.0.block_sparse_moe.experts.63.w1.weight"))
        .isEqualTo("block_sparse_moe.experts.63.w1.weight");
  }

  private static final List<String> TWO_TOWERS =
      List.of(
          "vision_tower.layers.0.q.weight",
          "vision_tower.layers.0.k.weight",
          "vision_tower.layers.0.v.weight",
          "vision_tower.layers.2.q.weight",
          "language_model.layers.0.q.weight",
          "language_model.layers.1.q.weight");

  @Test
  void choosesOfTwoTowersTheOneThatTheConfigurationDescribes() {
    ModelHeaders model =
        ModelHeaders.named("vlm")
            .config(
                "{\"vision_config\": {\"num_hidden_layers\": 3}, \"text_config\": {\"num_hidden_layers\": 2}}");
    TWO_TOWERS.forEach(tensor -> model.tensor(tensor, 1));
    assertThat(LayerStack.of(model.open())).hasValue(new LayerStack("language_model.layers.", 2));
  }

  @Test
  void choosesOfTwoTowersTheOneWithTheMostTensorsWhereNoConfigurationHelps() {
    LayerStack most = new LayerStack("vision_tower.layers.", 3);
    assertThat(LayerStack.of(TWO_TOWERS, OptionalInt.empty())).hasValue(most);
    assertThat(LayerStack.of(TWO_TOWERS, OptionalInt.of(40))).hasValue(most);
  }

  @Test
  void findsNoLayersWhereNoNameHasANumberOfItsOwn() {
    assertThat(LayerStack.of(List.of("weight", "conv1.bias", "a.b2.c", "x.7"), OptionalInt.of(7)))
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"model.layers.", "model.layers..x", "model.layers.a.x", "model.layers.1234567.x"})
  void takesOnlyANumberForALayer(String name) {
    assertThat(new LayerStack("model.layers.", 2).layerOf(name)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"0, 4, 0", "1, 4, 0.333333", "3, 4, 1", "0, 1, 1"})
  void givesTheDepthOfALayerInItsSlice(int layer, int layers, double depth) {
    assertThat(LayerStack.depth(layer, layers)).isCloseTo(depth, within(1e-6));
  }
}
