package dev.stockpot.merge.structure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Numbered blocks and the tensors in them. */
class StackTest {
  private static final Stack LAYERS = new Stack("text", "model.layers.", 0, 12, Optional.empty());
  private static final Stack ABOVE = new Stack("mtp", "model.layers.", 12, 2, Optional.empty());

  @Test
  void findsTheLayerOfATensor() {
    String tensor = "model.layers.11.block_sparse_moe.experts.63.w1.weight";
    assertThat(LAYERS.layerOf(tensor)).hasValue(11);
    assertThat(LAYERS.withinLayer(tensor)).isEqualTo("block_sparse_moe.experts.63.w1.weight");
    assertThat(LAYERS.name(3, "x.weight")).isEqualTo("model.layers.3.x.weight");
  }

  @Test
  void countsFromItsOwnFirstBlock() {
    assertThat(ABOVE.layerOf("model.layers.12.x")).hasValue(0);
    assertThat(ABOVE.layerOf("model.layers.11.x")).isEmpty();
    assertThat(LAYERS.layerOf("model.layers.12.x")).isEmpty();
    assertThat(ABOVE.name(1, "x")).isEqualTo("model.layers.13.x");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "norm.weight",
        "model.layers.",
        "model.layers..x",
        "model.layers.a.x",
        "model.layers.3",
        "model.layers.1234567.x"
      })
  void takesOnlyANumberOfItsOwnForALayer(String name) {
    assertThat(LAYERS.layerOf(name)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"0, 4, 0", "1, 4, 0.333333", "3, 4, 1", "0, 1, 1"})
  void givesTheDepthOfALayer(int layer, int layers, double depth) {
    assertThat(Stack.depth(layer, layers)).isCloseTo(depth, within(1e-6));
  }

  @Test
  void isNeverWithoutBlocks() {
    assertThatThrownBy(() -> new Stack("text", "h.", 0, 0, Optional.empty()))
        .hasMessage("0 blocks from 0");
    assertThatThrownBy(() -> new Place(ABOVE, 2))
        .hasMessage("layer 2 of mtp (model.layers.12, 2 layers)");
  }
}
