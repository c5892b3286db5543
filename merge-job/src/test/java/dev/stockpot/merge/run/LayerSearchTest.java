package dev.stockpot.merge.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.merge.UserException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Searches over stacks of layers, from a recipe to a checkpoint. */
class LayerSearchTest extends TrialMerges {
  private static final int OF_A_LAYER = NUMBERS / 2;

  private float[] layer(int model, int layer) {
    float[] both = JudgeService.numbers(model(model), NUMBERS);
    float[] one = new float[OF_A_LAYER];
    System.arraycopy(both, layer * OF_A_LAYER, one, 0, OF_A_LAYER);
    return one;
  }

  /** Says how near a stack is to one of these layers, times factors; more layers cost. */
  private void judgeByNearness(List<float[]> wanted, double... factors) throws Exception {
    judge.close();
    judge =
        new JudgeService(
            0,
            (question, nothing) -> {
              Path model = Path.of(question.text("model"));
              int layers = layersOf(model);
              float[] numbers = JudgeService.numbers(model, layers * OF_A_LAYER);
              double worth = -Math.abs(layers - wanted.size());
              for (int i = 0; i < Math.min(layers, wanted.size()); i++) {
                double distance = 0;
                for (int k = 0; k < OF_A_LAYER; k++) {
                  double difference = numbers[i * OF_A_LAYER + k] - factors[i] * wanted.get(i)[k];
                  distance += difference * difference;
                }
                worth -= distance / OF_A_LAYER;
              }
              return "{\"worth\": %s}".formatted(worth);
            });
  }

  private static int layersOf(Path model) {
    try {
      String config = Files.readString(model.resolve("config.json"));
      return Integer.parseInt(config.replaceAll("(?s).*\"num_hidden_layers\": *(\\d+).*", "$1"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String recipe(String search, String layers) {
    return """
    merge_method: passthrough
    dtype: bfloat16
    search: {%s, layers: {from: [{model: %s, layer_range: [0, 2]}, {model: %s, layer_range: [0, 2]}]%s}}
    evaluate: {http: '%s', direction: max}
    """
        .formatted(search, model(0), model(1), layers, judge.address());
  }

  @Test
  void aSearchFindsTheStackAndItsRecipeMakesItsBytesByItself() throws Exception {
    judgeByNearness(List.of(layer(0, 0), layer(1, 0), layer(1, 1)), 1, 1, 1);
    merge(recipe("strategy: grid", ""), "out", MergeOptions.DEFAULT);
    assertThat(tried).hasSize(16);
    String winner = "%s[0:1] + %s[0:2]".formatted(model(0), model(1));
    assertThat(notices).doesNotContain("front");
    assertThat(tried.stream().filter(t -> t.worth().orElseThrow() > -1e-9))
        .extracting(Tried::what)
        .containsExactly(winner);
    assertThat(layersOf(folder.resolve("out"))).isEqualTo(3);
    assertThat(JudgeService.numbers(folder.resolve("out"), 3 * OF_A_LAYER))
        .isEqualTo(joined(layer(0, 0), layer(1, 0), layer(1, 1)));
    merge(manifest("out").text("recipe"), "again", MergeOptions.DEFAULT);
    assertThat(weights("again")).isEqualTo(weights("out"));
    assertThat(tried).isEmpty();
  }

  private static float[] joined(float[]... layers) {
    float[] all = new float[layers.length * OF_A_LAYER];
    for (int i = 0; i < layers.length; i++) {
      System.arraycopy(layers[i], 0, all, i * OF_A_LAYER, OF_A_LAYER);
    }
    return all;
  }

  @Test
  void covarianceMatrixAdaptationFindsItToo() throws Exception {
    // files hold what is of the first model first, and so does the judge
    judgeByNearness(List.of(layer(0, 0), layer(1, 1)), 1, 1);
    merge(
        recipe("strategy: cma_es, evaluations: 60, seed: 1", ", least: 2, most: 2"),
        "out",
        MergeOptions.DEFAULT);
    Tried best =
        tried.stream().max(Comparator.comparing(it -> it.worth().orElseThrow())).orElseThrow();
    assertThat(best.what()).isEqualTo("%s[0:1] + %s[1:2]".formatted(model(0), model(1)));
    assertThat(
            Arrays.equals(
                JudgeService.numbers(folder.resolve("out"), 2 * OF_A_LAYER),
                joined(layer(0, 0), layer(1, 1))))
        .isTrue();
    List<String> stacks = new ArrayList<>(tried.stream().map(Tried::what).distinct().toList());
    assertThat(judge.asked()).as("a stack is never paid for twice").hasSize(stacks.size());
  }

  @Test
  void scalesAreFoundWithTheLayers() throws Exception {
    judgeByNearness(List.of(layer(0, 1)), 0.5);
    merge(
        recipe("strategy: grid, levels: 3", ", most: 1, scale: {range: [0, 1], filters: [mlp]}")
            .replaceAll(", \\{model: [^}]*\\}\\]", "]"),
        "out",
        MergeOptions.DEFAULT);
    assertThat(manifest("out").text("recipe")).contains("- 1.0\n    - 2.0", "value: 0.5");
    float[] half = layer(0, 1);
    for (int i = 0; i < half.length; i++) {
      half[i] *= 0.5f;
    }
    assertThat(JudgeService.numbers(folder.resolve("out"), OF_A_LAYER)).isEqualTo(half);
  }

  @Test
  void aSearchThatBeginsWhereTheWeightsSayIsResumedThere() throws Exception {
    judgeByNearness(List.of(layer(0, 0), layer(1, 1)), 1, 1);
    String recipe =
        recipe("strategy: cma_es, evaluations: 30, seed: 1", ", importance: weights, most: 2");
    merge(recipe, "out", MergeOptions.DEFAULT);
    List<String> whats = tried.stream().map(Tried::what).toList();
    merge(recipe, "again", MergeOptions.DEFAULT);
    assertThat(tried).extracting(Tried::what).isEqualTo(whats);
    assertThat(weights("again")).isEqualTo(weights("out"));
  }

  @Test
  void layersThatAModelLacksAreRefusedBeforeAnythingIsPaidFor() {
    assertThatThrownBy(
            () ->
                merge(
                    recipe("strategy: grid", "").replace("[0, 2]}]", "[0, 3]}]"),
                    "out",
                    MergeOptions.DEFAULT))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("layer");
    assertThat(judge.asked()).isEmpty();
  }
}
