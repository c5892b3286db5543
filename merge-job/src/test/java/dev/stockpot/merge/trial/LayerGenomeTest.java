package dev.stockpot.merge.trial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.stockpot.merge.choose.Point;
import dev.stockpot.merge.recipe.Recipe;
import dev.stockpot.merge.recipe.YamlText;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Searches over stacks of layers. */
class LayerGenomeTest extends LayerGenomeCases {
  @Test
  void gatesChooseAmongBlocksSideBySide() {
    assertThat(words("{" + TWO + "}", 1, 0, 0, 1)).isEqualTo("a[0:1] + b[1:2]");
    assertThat(words("{" + TWO + "}", 0, 0.5, 0.49, 0.51)).isEqualTo("b[0:2]");
    assertThat(words("{" + TWO + "}", 1, 1, 1, 1)).isEqualTo("a[0:1] + b[0:1] + a[1:2] + b[1:2]");
  }

  @Test
  void orderByModelPutsOneBehindTheOtherAndRepeatsAll() {
    assertThat(words("{order: model, " + TWO + "}", 1, 1, 0, 1)).isEqualTo("a[0:2] + b[1:2]");
    assertThat(
            words(
                "{order: model, repeats: 2, from: [{model: a, layer_range: [0, 2]}]}", 1, 1, 1, 1))
        .isEqualTo("a[0:2] + a[0:2]");
    assertThat(words("{repeats: 2, from: [{model: a, layer_range: [0, 2]}]}", 1, 1, 1, 1))
        .isEqualTo("a[0:1] + a[0:2] + a[1:2]");
  }

  @Test
  void blocksAreOfSeveralLayersAndRangesMayBeginAnywhere() {
    assertThat(
            words(
                "{block: 4, from: [{model: a, layer_range: [0, 8]}, {model: b, layer_range: [4,"
                    + " 12]}]}",
                1,
                0,
                1,
                1))
        .isEqualTo("a[0:4] + b[4:12]");
  }

  @Test
  void aSearchBeginsWithTheFirstModelAsItIs() {
    Genome genome = genome("{repeats: 2, " + TWO + "}");
    assertThat(genome.described(genome.start())).isEqualTo("a[0:2]");
    assertThat(genome.counts()).hasSize(8).containsOnly(2);
  }

  @Test
  void tooFewOrTooManyBlocksAreMendedByTheNearestGates() {
    String bounded = "{least: 2, most: 3, " + TWO + "}";
    assertThat(words(bounded, 0, 0, 0, 0))
        .as("of equal gates the first")
        .isEqualTo("a[0:1] + b[0:1]");
    assertThat(words(bounded, 0.1, 0.4, 0.2, 0.3)).isEqualTo("b[0:2]");
    assertThat(words(bounded, 0.6, 0.9, 0.8, 0.7)).isEqualTo("b[0:1] + a[1:2] + b[1:2]");
  }

  @Test
  void everyPlaceIsARecipeThatAMergeTakes() {
    Genome genome =
        genome(
            "{block: 2, least: 4, most: 12, repeats: 2, from: [{model: a, layer_range: [0, 8]},"
                + " {model: b, layer_range: [2, 8]}]}");
    Random random = new Random(1);
    for (int i = 0; i < 300; i++) {
      List<Double> place = new ArrayList<>();
      genome.counts().forEach(count -> place.add(random.nextInt(5) / 4.0));
      Recipe recipe = PARSER.parse("r.yml", YamlText.of(genome.filled(new Point(place))));
      int layers =
          recipe.slices().stream()
              .mapToInt(slice -> slice.sources().get(0).layers().orElseThrow().length())
              .sum();
      assertThat(layers).isBetween(4, 12);
    }
  }

  @Test
  void scalesAreOfBlocksThatAreThere() {
    Genome genome =
        genome(
            "{from: [{model: a, layer_range: [0, 2]}], scale: {range: [0.5, 1.5], filters:"
                + " [mlp]}}");
    assertThat(genome.counts()).containsExactly(2, 2, 0, 0);
    assertThat(genome.start().values().subList(2, 4)).containsExactly(0.5, 0.5);
    Point place = new Point(List.of(0.0, 1.0, 0.9, 0.75));
    assertThat(genome.described(place)).isEqualTo("1.25 × a[1:2]");
    assertThat(YamlText.of(genome.filled(place)))
        .isEqualTo(
            """
            merge_method: passthrough
            dtype: bfloat16
            slices:
            - sources:
              - model: a
                layer_range:
                - 1.0
                - 2.0
                parameters:
                  scale:
                  - filter: mlp
                    value: 1.25
                  - value: 1.0
            """);
  }

  @Test
  void scalesAreOfWhatLayersWriteUnlessSaidOtherwise() {
    Genome genome = genome("{from: [{model: a, layer_range: [0, 1]}], scale: {range: [2, 4]}}");
    assertThat(YamlText.of(genome.filled(genome.start())))
        .contains("filter: o_proj", "filter: down_proj", "value: 3.0");
  }

  @Test
  void importanceSaysWhichGatesAreNearToTurning() {
    Genome genome = genome("{importance: importance.jsonl, " + TWO + "}");
    List<Double> start = genome.start().values(); // a0, b0, a1, b1
    assertThat(genome.described(genome.start())).isEqualTo("a[0:2]");
    assertThat(start.get(0)).as("matters most of all").isCloseTo(0.72, within(1e-12));
    assertThat(start.get(2)).as("matters least of all").isCloseTo(0.52, within(1e-12));
    assertThat(start.get(3)).isGreaterThan(start.get(1));
  }

  @Test
  void otherHolesOfTheRecipeAreSearchedWithTheLayers() {
    TrialRecipe recipe =
        parse(
            "merge_method: passthrough\ndtype: {choice: [float16, bfloat16]}\n",
            "{from: [{model: a, layer_range: [0, 2]}]}");
    Genome genome = ((SearchPlan) recipe.plan()).genome();
    assertThat(genome.counts()).containsExactly(2, 2, 2);
    assertThat(genome.described(new Point(List.of(0.9, 1.0, 0.0))))
        .isEqualTo("a[0:1], dtype = bfloat16");
  }

  @Test
  void theExampleNamesEveryLayer() {
    assertThat(parse("{" + TWO + "}").example().slices()).hasSize(4);
  }
}
