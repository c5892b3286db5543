package dev.stockpot.merge.trial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;
import static org.assertj.core.api.Assertions.within;

import dev.stockpot.merge.recipe.ScalarNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Scores of layers become ranks of blocks, and these the gates at which a search begins. */
class ImportanceTest {
  private static LayerBlock block(String model, int begin, int end) {
    return new LayerBlock(ScalarNode.ofText(model, 1), begin, end, Optional.empty());
  }

  private static LayerBlock block(String model, String stack, int begin, int end) {
    return new LayerBlock(
        ScalarNode.ofText(model, 1), begin, end, Optional.of(ScalarNode.ofText(stack, 1)));
  }

  private static Map<String, Double> ofA(double... scores) {
    Map<String, Double> all = new HashMap<>();
    for (int layer = 0; layer < scores.length; layer++) {
      all.put("a " + layer, scores[layer]);
    }
    return all;
  }

  @Test
  void aBlockIsRankedByTheMeanOfItsLayers() throws Importance.UnusableException {
    LayerBlock first = block("a", 0, 2);
    LayerBlock second = block("a", 2, 4);
    LayerBlock third = block("a", 4, 6);

    assertThat(Importance.of(List.of(first, second, third), ofA(0.9, 0.3, 5, 1, 0.1, 0.2)).ranks())
        .containsOnly(entry(first, 0.5), entry(second, 1.0), entry(third, 0.0));
  }

  @Test
  void equalBlocksHaveEqualRanksAndOneAloneTheMiddle() throws Importance.UnusableException {
    List<LayerBlock> blocks = List.of(block("a", 0, 1), block("a", 1, 2), block("a", 2, 3));

    assertThat(Importance.of(blocks, ofA(7, 7, 9)).ranks().values())
        .containsExactlyInAnyOrder(0.0, 0.0, 1.0);
    assertThat(Importance.of(blocks.subList(0, 1), ofA(7)).ranks().values()).containsExactly(0.5);
  }

  @Test
  void aLayerWithoutAScoreIsNamed() {
    assertThatThrownBy(() -> Importance.of(List.of(block("a", 0, 3)), ofA(1, 2)))
        .isInstanceOf(Importance.UnusableException.class)
        .hasMessage("has no score of layer 2 of a; give all, or none");
  }

  @Test
  void stacksHaveScoresOfTheirOwn() throws Importance.UnusableException {
    Map<String, Double> scores =
        Importance.scores(
            """
            {"model": "a", "stack": "vision", "layer": 0, "score": 1}

            {"model": "a", "stack": "text", "layer": 0, "score": 2, "note": "x"}
            """);
    LayerBlock vision = block("a", "vision", 0, 1);
    LayerBlock text = block("a", "text", 0, 1);

    assertThat(scores).containsOnly(entry("a vision 0", 1.0), entry("a text 0", 2.0));
    assertThat(Importance.of(List.of(text, vision), scores).ranks())
        .containsOnly(entry(vision, 0.0), entry(text, 1.0));
    assertThatThrownBy(() -> Importance.of(List.of(block("a", 0, 1)), scores))
        .hasMessageContaining("no score of layer 0 of a");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"model\": \"a\", \"layer\": 0.5, \"score\": 1}",
        "{\"model\": \"a\", \"layer\": \"0\", \"score\": 1}",
        "{\"model\": \"a\", \"layer\": 0, \"score\": \"1\"}",
        "{\"model\": \"a\", \"layer\": 0, \"score\": 1e999}",
        "{\"model\": \"a\", \"score\": 1}",
        "[\"a\", 0, 1]",
        "{"
      })
  void aLineThatIsNoScoreIsCounted(String line) {
    assertThatThrownBy(
            () -> Importance.scores("{\"model\": \"a\", \"layer\": 0, \"score\": 1}\n\n" + line))
        .isInstanceOf(Importance.UnusableException.class)
        .hasMessage("line 3 is not `{\"model\": \"a\", \"layer\": 0, \"score\": 0.3}`");
  }

  /** From 0.5 on a block is there: those of the first model are, once, and no others. */
  @Test
  void gatesBeginWithTheFirstModelAndLeanByRank() {
    LayerBlock least = block("a", 0, 1);
    LayerBlock most = block("a", 1, 2);
    LayerBlock other = block("b", 0, 1);
    Importance importance = new Importance(Map.of(least, 0.0, most, 1.0, other, 0.75));

    List<Double> gates =
        importance.gates(List.of(least, most, other, most, least), List.of(least, most));

    assertThat(gates.get(0)).as("nearest to being left out").isCloseTo(0.52, within(1e-12));
    assertThat(gates.get(1)).isCloseTo(0.72, within(1e-12));
    assertThat(gates.get(2)).isCloseTo(0.43, within(1e-12));
    assertThat(gates.get(3)).as("repeated: nearest to coming in").isCloseTo(0.48, within(1e-12));
    assertThat(gates.get(4)).isCloseTo(0.28, within(1e-12));
  }

  @Test
  void whereNothingIsKnownAllAreInTheMiddle() {
    LayerBlock block = block("a", 0, 1);

    assertThat(Importance.UNKNOWN.gates(List.of(block, block), List.of(block)))
        .usingElementComparator((a, b) -> Math.abs(a - b) < 1e-12 ? 0 : 1)
        .containsExactly(0.62, 0.38);
  }

  @Test
  void blocksGoOnOnlyWithinTheirModelAndStack() {
    LayerBlock block = block("a", "text", 2, 4);

    assertThat(block.isFollowedBy(block("a", "text", 4, 5))).isTrue();
    assertThat(block.isFollowedBy(block("a", "text", 5, 6))).isFalse();
    assertThat(block.isFollowedBy(block("a", "text", 2, 4))).isFalse();
    assertThat(block.isFollowedBy(block("b", "text", 4, 5))).isFalse();
    assertThat(block.isFollowedBy(block("a", "vision", 4, 5))).isFalse();
    assertThat(block.isFollowedBy(block("a", 4, 5))).isFalse();
    assertThat(block.with(block("a", "text", 4, 9))).isEqualTo(block("a", "text", 2, 9));
  }

  @ParameterizedTest
  @CsvSource({"-1, 2", "2, 2", "3, 2"})
  void aBlockOfNoLayersIsNone(int begin, int end) {
    assertThatThrownBy(() -> block("a", begin, end))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("layers [" + begin + ", " + end + ")");
  }
}
