package dev.stockpot.merge.structure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tensors with a number at the same place are blocks. */
class NumberedBlocksTest {
  private static Map<String, NumberedBlocks> of(String... names) {
    return NumberedBlocks.of(List.of(names)).stream()
        .collect(Collectors.toMap(NumberedBlocks::prefix, Function.identity()));
  }

  @Test
  void theFirstNumberOfANameCounts() {
    Map<String, NumberedBlocks> blocks =
        of(
            "model.layers.0.mlp.experts.0.w1.weight",
            "model.layers.0.mlp.experts.1.w1.weight",
            "model.layers.1.mlp.experts.0.w1.weight",
            "vision.layers.0.q.weight",
            "embed.weight");
    assertThat(blocks).containsOnlyKeys("model.layers.", "vision.layers.");
    assertThat(blocks.get("model.layers.").tensors()).isEqualTo(3);
    assertThat(blocks.get("model.layers.").height()).isEqualTo(2);
    assertThat(blocks.get("vision.layers.").height()).isEqualTo(1);
  }

  @Test
  void aNumberMayStandInFront() {
    NumberedBlocks blocks = of("0.weight", "1.weight", "12.weight").get("");
    assertThat(blocks.plainPrefix()).isEmpty();
    assertThat(blocks.height()).isEqualTo(13);
    assertThat(blocks.isWhole()).isFalse();
    assertThat(blocks.isNamedAsBlocks()).isFalse();
  }

  @Test
  void aNumberIsAWholePartOfAName() {
    assertThat(of("layer0.weight", "conv1d.weight", "layers.0", "layers.1234567.weight", "h.x.0"))
        .isEmpty();
  }

  @Test
  void blocksAreWholeIfNoneIsMissing() {
    assertThat(of("h.0.a", "h.1.a", "h.2.b").get("h.").isWhole()).isTrue();
    assertThat(of("h.0.a", "h.2.b").get("h.").isWhole()).isFalse();
    assertThat(of("h.1.a").get("h.").isWhole()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "model.layers.0.x, true",
    "transformer.h.0.x, true",
    "unet.down.transformer_blocks.0.x, true",
    "blocks.0.x, true",
    "model.mlp_layers.0.x, false",
    "net.0.x, false",
    "conv.0.x, false"
  })
  void someNamesAreThoseOfBlocks(String name, boolean isNamed) {
    assertThat(NumberedBlocks.of(List.of(name)).get(0).isNamedAsBlocks()).isEqualTo(isNamed);
  }
}
