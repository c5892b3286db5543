package dev.stockpot.merge.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.stockpot.kernels.number.DType;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Maps between widths that add something, and layers that read through them. */
class BiasedMapsMergeTest extends WidthsMergeCases {
  private static final String UP = "model.layers.0.mlp.up_proj";
  private static final float[] ADDED = {7, -3, 0, 1, 20};

  /** The wide space is a map of the narrow one, and something on top. */
  private void shift() throws IOException {
    double[] rows = wideRows();
    float[] shifted = new float[rows.length];
    for (int i = 0; i < rows.length; i++) {
      shifted[i] = (float) rows[i] + ADDED[i % WIDE];
    }
    model("wide", words(0, TOKENS), shifted, WIDE);
  }

  @Test
  void whatIsAddedIsATensorOfItsOwn() throws IOException {
    shift();
    Tensors out =
        merged(
            """
            compose:
              - {from: narrow, under: first}
              - {from: wide, under: second}
              - {as: stitch.weight, bias: stitch.bias, fit: least_squares, from: narrow, to: wide, explained: share}
            """);
    double[] found = out.values("stitch.weight");
    for (int i = 0; i < found.length; i++) {
      assertThat(found[i]).isCloseTo(map[i], within(1e-5));
    }
    double[] added = out.values("stitch.bias");
    for (int i = 0; i < WIDE; i++) {
      assertThat(added[i]).isCloseTo(ADDED[i], within(1e-4));
    }
    assertThat(out.values("share")[0]).isCloseTo(1, within(1e-6));
  }

  @Test
  void aLayerThatReadsThroughItGetsABias() throws IOException {
    shift();
    Tensors out =
        merged(
            """
            base_model: narrow
            compose:
              - {as: map, bias: added, fit: least_squares, from: narrow, to: wide, hidden: true}
              - {from: wide, match: up_proj, through: map}
              - {from: wide, leave_out: true}
              - {from: narrow, leave_out: true}
            """);
    assertThat(out.checkpoint().tensors()).containsOnlyKeys(UP + ".weight", UP + ".bias");
    float[] up = random(7, 2 * WIDE);
    double[] bias = out.values(UP + ".bias");
    for (int row = 0; row < 2; row++) {
      double expected = 0;
      for (int i = 0; i < WIDE; i++) {
        expected += up[row * WIDE + i] * ADDED[i];
      }
      assertThat(bias[row]).isCloseTo(expected, within(1e-3));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "down_proj.weight, onto: map | map has a bias, which every layer that is carried `onto` it",
        "embed_tokens, onto: map | find it without `bias`"
      })
  void whatEveryLayerWouldAddIsRefused(String rule, String message) throws IOException {
    CommandLineRun run =
        run(
            """
            base_model: narrow
            compose:
              - {as: map, bias: added, fit: least_squares, from: wide, to: narrow, ridge: 0.1, hidden: true}
              - {from: wide, match: %s}
              - {from: wide, leave_out: true}
              - {from: narrow, leave_out: true}
            """
                .formatted(rule));
    assertThat(run.exitCode()).isNotZero();
    assertThat(run.err()).contains("recipe.yml:4: ").contains(message);
  }

  private static final String WITH_BIAS =
      """
      base_model: narrow
      compose:
        - {as: map, bias: added, fit: least_squares, from: narrow, to: wide, hidden: true}
        - {from: biased, match: 'up_proj.weight', through: map}
        - {from: biased, match: 'up_proj.bias'%s}
      """;

  private void biased() throws IOException {
    shift();
    ModelFolder.at(folder.resolve("biased"))
        .matrix(UP + ".weight", random(7, 2 * WIDE), 2, WIDE)
        .floats(UP + ".bias", 100, 200)
        .write();
  }

  @Test
  void aBiasThatIsThereIsCarriedWithItsMatrix() throws IOException {
    biased();
    double[] bias = merged(WITH_BIAS.formatted(", through: map")).values(UP + ".bias");
    float[] up = random(7, 2 * WIDE);
    double expected = 100;
    for (int i = 0; i < WIDE; i++) {
      expected += up[i] * ADDED[i];
    }
    assertThat(bias[0]).isCloseTo(expected, within(1e-3));
  }

  @Test
  void aBiasThatIsLeftBehindIsRefused() throws IOException {
    biased();
    assertThat(run(WITH_BIAS.formatted("")).err())
        .contains("recipe.yml:4: map adds something to what it gives, so that " + UP + ".bias")
        .contains("carry it `through: map`");
  }

  private static final String OF_SUMS =
      """
      base_model: wide
      compose:
        - {as: map, bias: added, fit: crossgram, from: cross, grams: sums, gram: mlp.gram,
           crossgram: mlp.crossgram, target: mlp.gram_diag, targets: others, ridge: 0}
      """;

  /** Of four examples, x = 1, 3, 1, 3 and y = 2 x + 5. */
  private void statistics(String normalised, long targets) throws IOException {
    ModelFolder.at(folder.resolve("sums"))
        .metadata("kind", "gram")
        .metadata("normalised", "sum")
        .matrix("mlp.gram", new float[] {20}, 1, 1)
        .tensor("mlp.count", DType.I64, StatisticsCases.count(4), 1)
        .write();
    ModelFolder.at(folder.resolve("cross"))
        .metadata("kind", "crossgram")
        .metadata("normalised", normalised)
        .matrix("mlp.crossgram", new float[] {80}, 1, 1)
        .floats("mlp.sum_a", 8)
        .floats("mlp.sum_b", 36)
        .tensor("mlp.count", DType.I64, StatisticsCases.count(4), 1)
        .write();
    ModelFolder.at(folder.resolve("others"))
        .metadata("kind", "gram_diag")
        .metadata("normalised", "mean")
        .floats("mlp.gram_diag", 85)
        .tensor("mlp.count", DType.I64, StatisticsCases.count(targets), 1)
        .write();
  }

  @Test
  void statisticsTellTheMapWhatItAddsAndItsShare() throws IOException {
    statistics("sum", 4);
    assertThat(run(OF_SUMS).succeeds().out()).contains("R² of the fit: 1.0000 of map");
    Tensors out = new Tensors(folder.resolve("out"));
    assertThat(out.values("map")).containsExactly(new double[] {2}, within(1e-6));
    assertThat(out.values("added")).containsExactly(new double[] {5}, within(1e-5));
  }

  @Test
  void statisticsThatDoNotBelongTogetherAreRefused() throws IOException {
    statistics("sum", 5);
    assertThat(run(OF_SUMS).err())
        .contains("mlp.gram_diag is of 5.0 samples and mlp.crossgram of 4.0");
    statistics("mean", 4);
    assertThat(run(OF_SUMS).err()).contains("says not whether mlp.sum_a is one; write sums");
    statistics("sum", 4);
    assertThat(run(OF_SUMS.replace("target: mlp.gram_diag", "target: mlp.absent")).err())
        .contains("others has no tensor mlp.absent");
  }
}
