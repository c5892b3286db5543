package dev.stockpot.merge.trial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.stockpot.kernels.methods.MergeMethods;
import dev.stockpot.merge.UserException;
import dev.stockpot.merge.choose.Point;
import dev.stockpot.merge.recipe.Node;
import dev.stockpot.merge.recipe.Recipe;
import dev.stockpot.merge.recipe.RecipeParser;
import dev.stockpot.merge.recipe.YamlText;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Searches over stacks of layers. */
class LayerGenomeTest {
  private static final RecipeParser PARSER = new RecipeParser(MergeMethods.all());
  private static final Map<String, String> FILES =
      Map.of(
          "importance.jsonl",
          """
          {"model": "a", "layer": 0, "score": 0.9}
          {"model": "a", "layer": 1, "score": 0.1}

          {"model": "b", "layer": 0, "score": 0.2}
          {"model": "b", "layer": 1, "score": 0.8}
          """,
          "half.jsonl",
          "{\"model\": \"a\", \"layer\": 0, \"score\": 0.9}",
          "wrong.jsonl",
          "{\"model\": \"a\", \"layer\": 0}",
          "text.jsonl",
          "a 0 0.9");

  private static TrialRecipe parse(String layers) {
    return parse("merge_method: passthrough\ndtype: bfloat16\n", layers);
  }

  private static TrialRecipe parse(String head, String layers) {
    String text =
        head
            + "search: {strategy: random, evaluations: 4, layers: "
            + layers
            + "}\nevaluate: {http: 'http://h/s', direction: max}\n";
    Node tree = RecipeParser.trees("r.yml", text).get(0);
    return TrialReader.parse(
        "r.yml",
        text,
        tree,
        part -> PARSER.parse("r.yml", text, part),
        location -> {
          if (FILES.containsKey(location)) {
            return FILES.get(location);
          }
          throw new NoSuchFileException(location);
        });
  }

  private static Genome genome(String layers) {
    return ((SearchPlan) parse(layers).plan()).genome();
  }

  private static String words(String layers, double... place) {
    return genome(layers).described(new Point(Arrays.stream(place).boxed().toList()));
  }

  private static final String TWO =
      "from: [{model: a, layer_range: [0, 2]}, {model: b, layer_range: [0, 2]}]";

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
    assertThat(start.get(0)).as("matters most of all").isCloseTo(0.95, within(1e-12));
    assertThat(start.get(2)).as("matters least of all").isCloseTo(0.55, within(1e-12));
    assertThat(start.get(3)).isGreaterThan(start.get(1));
  }

  @Test
  void weightsMaySayWhereASearchBegins() throws Exception {
    Genome genome = genome("{importance: weights, " + TWO + "}");
    assertThat(genome.start().values()).containsExactly(0.75, 0.25, 0.75, 0.25);
    Genome known =
        genome.knowing(
            (model, stack) -> {
              assertThat(stack).isEmpty();
              return model.equals("a") ? List.of(0.5, 0.1) : List.of(0.2, 0.9);
            });
    List<Double> start = known.start().values(); // a0, b0, a1, b1
    assertThat(start.get(2)).as("matters least").isCloseTo(0.55, within(1e-12));
    assertThat(start.get(3)).as("matters most").isCloseTo(0.45, within(1e-12));
    assertThat(start.get(0)).isGreaterThan(start.get(2));
    assertThat(start.get(1)).isLessThan(start.get(3));
    assertThat(known.described(known.start())).isEqualTo("a[0:2]");
    assertThat(known.knowing(LayerScores.NONE)).as("once is enough").isSameAs(known);
  }

  @Test
  void weightsThatTellNothingAreToldByName() {
    Genome genome = genome("{importance: weights, " + TWO + "}");
    assertThatThrownBy(
            () ->
                genome.knowing((model, stack) -> model.equals("a") ? List.of(0.5, 0.1) : List.of()))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("`importance: weights` has no score of layer 0 of b");
  }

  @Test
  void nobodyReadsWeightsThatAreNotAskedFor() throws Exception {
    Genome genome = genome("{" + TWO + "}");
    assertThat(genome.knowing(LayerScores.NONE)).isSameAs(genome);
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

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "7 | `layers` must say of what",
        "{} | `from` must be a list of layers",
        "{from: []} | `from` must be a list of layers",
        "{from: [a]} | an element of `from` must be `{model: …, layer_range: [0, 32]}`",
        "{from: [{layer_range: [0, 2]}]} | `model` is missing here; name a model",
        "{from: [{model: {lora: x}, layer_range: [0, 2]}]} | `model` must be a name here",
        "{from: [{model: a}]} | `layer_range` must be two whole numbers",
        "{from: [{model: a, layer_range: [2, 2]}]} | `layer_range` must be two whole numbers",
        "{from: [{model: a, layer_range: [0.5, 2]}]} | `layer_range` must be two whole numbers",
        "{from: [{model: a, layer_range: [0, 2], wait: 1}]} | `wait` is not a key of an element of"
            + " `from`",
        "{block: 3, from: [{model: a, layer_range: [0, 8]}]} | 8 layers are no whole number of"
            + " blocks of 3",
        "{least: 9, from: [{model: a, layer_range: [0, 8]}]} | no stack has 9 to 8 layers: there"
            + " are 8 blocks of 1",
        "{block: 4, least: 5, most: 7, from: [{model: a, layer_range: [0, 8]}]} | no stack has 5 to"
            + " 7 layers: there are 2 blocks of 4",
        "{block: 4, most: 3, from: [{model: a, layer_range: [0, 8]}]} | no stack has 4 to 3 layers",
        "{order: any, from: [{model: a, layer_range: [0, 8]}]} | `order` is any",
        "{scale: 2, from: [{model: a, layer_range: [0, 8]}]} | `scale` must be a range",
        "{scale: {range: [2, 1]}, from: [{model: a, layer_range: [0, 8]}]} | `range` must be two"
            + " numbers, the lower one first",
        "{importance: no.jsonl, from: [{model: a, layer_range: [0, 2]}]} | `importance` no.jsonl"
            + " cannot be read",
        "{importance: wrong.jsonl, from: [{model: a, layer_range: [0, 2]}]} | `importance`"
            + " wrong.jsonl: line 1 is not",
        "{importance: text.jsonl, from: [{model: a, layer_range: [0, 2]}]} | `importance`"
            + " text.jsonl: line 1 is not",
        "{importance: half.jsonl, from: [{model: a, layer_range: [0, 2]}]} | `importance`"
            + " half.jsonl: has no score of layer 1 of a; give all, or none",
        "{importance: [0.1], from: [{model: a, layer_range: [0, 2]}]} | `importance` must be"
            + " `weights`, or name a file",
        "{gates: 3, from: [{model: a, layer_range: [0, 2]}]} | `gates` is not a key of `layers`",
      })
  void layersThatMakeNoStackAreRefused(String layers, String message) {
    assertThatThrownBy(() -> parse(layers))
        .isInstanceOf(UserException.class)
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "merge_method: linear | write `merge_method: passthrough`",
        "dtype: bfloat16 | write `merge_method: passthrough`",
        "merge_method: passthrough#models: [{model: a}] | so `models` has no place beside it;"
            + " remove it",
        "merge_method: passthrough#slices: [] | so `slices` has no place beside it; remove it",
      })
  void aStackIsAllThatTheRecipeMakes(String head, String message) {
    assertThatThrownBy(() -> parse(head.replace("#", "\n") + "\n", "{" + TWO + "}"))
        .isInstanceOf(UserException.class)
        .hasMessageContaining(message);
  }
}
