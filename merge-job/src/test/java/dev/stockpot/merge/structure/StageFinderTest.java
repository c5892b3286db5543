package dev.stockpot.merge.structure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Blocks within stages of models whose stages have 1, 2 and 3 of them. */
class StageFinderTest {
  private static final String DEPTHS = "{\"depths\": [1, 2, 3]}";

  private static List<String> names(String prefix, String word) {
    List<String> names = new ArrayList<>(List.of("embed.weight", "head.weight"));
    for (int stage = 0; stage < 3; stage++) {
      names.add(prefix + stage + ".downsample.weight");
      for (int block = 0; block <= stage; block++) {
        names.add(prefix + stage + "." + word + block + ".mlp.weight");
        names.add(prefix + stage + "." + word + block + ".mlp.3.weight");
      }
    }
    return names;
  }

  private static Structure structure(String config, List<String> names) {
    return Structure.of(JsonConfiguration.of(config), names);
  }

  @ParameterizedTest
  @CsvSource({
    "swin.encoder.layers., blocks.",
    "encoder.layers., blocks.",
    "convnext.encoder.stages., layers.",
    "segformer.stages., blocks.",
    "segformer.encoder.block., ''",
    "vision_tower.blocks., ''"
  })
  void eachStageHasAStackOfItsOwn(String prefix, String word) {
    Structure structure = structure(DEPTHS, names(prefix, word));
    assertThat(structure.stages())
        .extracting(Stack::toString)
        .containsExactly(
            "stage (%s0.%s*, 1 layer)".formatted(prefix, word),
            "stage (%s1.%s*, 2 layers)".formatted(prefix, word),
            "stage (%s2.%s*, 3 layers)".formatted(prefix, word));
    assertThat(structure.stages())
        .extracting(stage -> stage.countPath().orElseThrow())
        .containsExactly("depths[0]", "depths[1]", "depths[2]");
    String named = "%s2.%s".formatted(prefix, word).replaceAll("\\.$", "");
    assertThat(structure.named(named)).containsExactly(structure.stages().get(2));
  }

  @Test
  void aGradientStillGoesOverTheStages() {
    Structure structure = structure(DEPTHS, names("encoder.stages.", "layers."));
    Place place = structure.place("encoder.stages.1.layers.1.mlp.weight").orElseThrow();
    assertThat(place.stack().prefix()).isEqualTo("encoder.stages.");
    assertThat(structure.isOfStages(place.stack())).isTrue();
    assertThat(structure.within(place.stack())).hasSize(3);
  }

  @Test
  void theCountsMayBeOfAPart() {
    Structure structure =
        structure(
            "{\"backbone_config\": {\"depths\": [1, 2, 3]}}", names("encoder.layers.", "blocks."));
    assertThat(structure.stages().get(1).countPath()).contains("backbone_config.depths[1]");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "{}",
        "{\"depths\": [1, 2, 4]}",
        "{\"depths\": [1, 2]}",
        "{\"depths\": 3}",
        "{\"depths\": [1, 2, -3]}",
        "{\"num_hidden_layers\": 3}"
      })
  void nothingIsAStageThatNoListCounts(String config) {
    assertThat(structure(config, names("encoder.layers.", "blocks.")).stages()).isEmpty();
  }

  @Test
  void whatIsCalledStagesIsNoLayersThoughNothingCountsBlocks() {
    Structure structure = structure("{}", List.of("encoder.stages.0.x.w", "encoder.stages.1.x.w"));
    assertThat(structure.stages()).isEmpty();
    assertThat(structure.isOfStages(new Stack("x", "encoder.stages.", 0, 2, Optional.empty())))
        .isTrue();
  }

  @Test
  void layersOfALanguageModelAreNoStages() {
    List<String> names = List.of("model.layers.0.experts.0.w", "model.layers.1.experts.0.w");
    Structure structure = structure("{\"num_hidden_layers\": 2}", names);
    assertThat(structure.isOfStages(structure.stacks().get(0))).isFalse();
  }

  @Test
  void stagesWithoutBlocksOfTheirOwnAreNoStacks() {
    List<String> names = names("s.stages.", "blocks.");
    names.removeIf(name -> name.startsWith("s.stages.0.blocks."));
    Structure structure = structure("{\"depths\": [0, 2, 3]}", names);
    assertThat(structure.stages())
        .extracting(Stack::prefix)
        .containsExactly("s.stages.1.blocks.", "s.stages.2.blocks.");
  }

  @Test
  void anElementOfAListIsReadWhereItIs() {
    CountKey second = CountKey.ofStage("a", "depths", 1);
    assertThat(second.valueIn(JsonConfiguration.of("{\"a\": {\"depths\": [4, 5]}}"))).hasValue(5);
    assertThat(second.valueIn(JsonConfiguration.of("{\"a\": {\"depths\": [4]}}"))).isEmpty();
    assertThat(second.toString()).isEqualTo("a.depths[1]");
  }
}
