package dev.stockpot.merge.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TensorPlaceTest {

  @ParameterizedTest
  @CsvSource({
    "model.layers.7.mlp.up_proj.weight, 7, mlp.up_proj",
    "model.layers.0.input_layernorm.weight, 0, input_layernorm",
    "transformer.h.11.attn.c_attn.bias, 11, attn.c_attn.bias",
    "encoder.layer.3.attention.self.query.weight, 3, attention.self.query",
    "model.layers.5.block_sparse_moe.experts.12.w1.weight, 5, block_sparse_moe.experts.*.w1",
    "model.embed_tokens.weight, , embed_tokens",
    "lm_head.weight, , lm_head",
    "0, 0, ''",
    "a.99999999999.b, , a.99999999999.b",
  })
  void isFoundByTheName(String name, Integer layer, String block) {
    OptionalInt expected = layer == null ? OptionalInt.empty() : OptionalInt.of(layer);
    assertThat(TensorPlace.of(List.of(name)).get(name))
        .isEqualTo(new TensorPlace("", expected, block));
  }

  @Test
  void blocksOfASmallerStackAreNamedAfterIt() {
    String vision = "vision.blocks.0.fc.weight";
    assertThat(
            TensorPlace.of(List.of("text.layers.0.fc.weight", "text.layers.1.fc.weight", vision))
                .get(vision))
        .isEqualTo(new TensorPlace("vision.blocks", OptionalInt.of(0), "vision.blocks: fc"));
  }

  @Test
  void layersOfEachStackAreTheirOwn() {
    LayerPlace outside = new LayerPlace("", OptionalInt.empty());
    LayerPlace seventh = new LayerPlace("", OptionalInt.of(7));
    LayerPlace tower = new LayerPlace("vision.blocks", OptionalInt.of(0));
    assertThat(List.of(tower, seventh, outside).stream().sorted(LayerPlace.ORDER))
        .containsExactly(outside, seventh, tower);
    assertThat(List.of(outside, seventh, tower))
        .extracting(LayerPlace::toString)
        .containsExactly("outside", "7", "vision.blocks 0");
  }
}
