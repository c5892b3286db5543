package dev.stockpot.merge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Units that are matched by what they do, by the command line. */
class AlignByActivationsTest extends AlignCases {
  private static final String RECIPE =
      """
      merge_method: linear
      models:
        - {model: a, parameters: {weight: 0.5}}
        - model: %s
          align: {to: a, by: activations}
          statistics: {crossgram: cross.safetensors}
          parameters: {weight: 0.5}
      """;

  private TinyActivations activations;

  @BeforeEach
  void begin() {
    activations = new TinyActivations(folder);
  }

  private static void assertIsA(Tensors out, Tensors a) throws IOException {
    for (String name : a.checkpoint().tensors().keySet()) {
      assertThat(out.bytes(name)).as(name).isEqualTo(a.bytes(name));
    }
  }

  private void assertIsA() throws IOException {
    assertIsA(new Tensors(folder.resolve("out")), new Tensors(folder.resolve("a")));
  }

  @Test
  void theAverageOfAModelAndItsPermutedCopyIsTheModel() throws IOException {
    activations.crossgram("a", "moved", "cross.safetensors", true);
    CommandLineRun run = merge(RECIPE.formatted("moved")).succeeds();
    assertIsA();
    assertThat(run.out() + run.err())
        .contains("units that moved (share): 1.0000 of hidden.0 of moved")
        .contains("likeness after alignment: 5.0000 of hidden.0 of moved")
        .contains("distance after alignment: 0.0000 of hidden.0 of moved");
    assertThat(Files.readString(folder.resolve("out/stockpot-manifest.json")))
        .contains("cross.safetensors");
  }

  @ParameterizedTest
  @ValueSource(strings = {"gram", "gram_upper", "gram_diag"})
  void squaresMayLieBesideEachModel(String form) throws IOException {
    activations.crossgram("a", "moved", "cross.safetensors", false);
    activations.gram("a", form, "a.safetensors");
    activations.gram("moved", form, "moved.safetensors");
    String kind = form.equals("gram_diag") ? "gram_diag" : "gram";
    merge(
            RECIPE
                .formatted("moved")
                .replace("model: a,", "model: a, statistics: {%s: a.safetensors},".formatted(kind))
                .replace(
                    "cross.safetensors}",
                    "cross.safetensors, %s: moved.safetensors}".formatted(kind)))
        .succeeds();
    assertIsA();
  }

  /** Units with weights twice as large do the same, twice as much: no weight tells that. */
  @Test
  void unitsOfAnotherScaleAreKnownByWhatTheyDo() throws IOException {
    Tensors moved = new Tensors(folder.resolve("moved"));
    double[] scales = {0.01, 30, 0.02, 50, 0.05};
    ModelFolder.at(folder.resolve("scaled"))
        .matrix("0.weight", scaled(moved.values("0.weight"), scales, 3, false), 5, 3)
        .floats("0.bias", scaled(moved.values("0.bias"), scales, 1, false))
        .matrix("2.weight", scaled(moved.values("2.weight"), scales, 1, true), 2, 5)
        .floats("2.bias", 1, 2)
        .write();
    activations.crossgram("a", "scaled", "cross.safetensors", true);
    String alone =
        """
        merge_method: passthrough
        models:
          - model: scaled
            align: {to: a, by: activations}
            statistics: {crossgram: cross.safetensors}
        """;
    merge(alone).succeeds();
    double[] aligned = new Tensors(folder.resolve("out")).values("0.bias");
    double[] bias = new Tensors(folder.resolve("a")).values("0.bias");
    for (int unit = 0; unit < 5; unit++) {
      double scale = aligned[unit] / bias[unit];
      assertThat(Arrays.stream(scales).map(each -> Math.abs(each / scale - 1)).min().orElse(1))
          .isLessThan(1e-5);
    }
  }

  private static float[] scaled(double[] values, double[] scales, int each, boolean isLast) {
    float[] scaled = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      int unit = isLast ? i % scales.length : i / each;
      scaled[i] = (float) (isLast ? values[i] / scales[unit] : values[i] * scales[unit]);
    }
    return scaled;
  }

  @ParameterizedTest
  @ValueSource(strings = {"tasks=4", "provider=scalar"})
  void theBytesHangOnNoMachine(String setting) throws IOException {
    activations.crossgram("a", "other", "cross.safetensors", true);
    merge(RECIPE.formatted("other")).succeeds();
    byte[] whole = Files.readAllBytes(folder.resolve("out/model.safetensors"));
    merge(RECIPE.formatted("other"), "--set", setting, "--overwrite").succeeds();
    assertThat(Files.readAllBytes(folder.resolve("out/model.safetensors"))).isEqualTo(whole);
  }

  @Test
  void planReadsTheStatisticsAndTellsOfGroupsThatTheyLeaveOut() throws IOException {
    activations.crossgram("a", "moved", "cross.safetensors", true);
    CommandLineRun plan = plan(RECIPE.formatted("moved"));
    assertThat(plan.succeeds().out())
        .contains("Beside   crossgram " + folder.resolve("cross.safetensors"))
        .contains("does not say of which weights it is (model_sha256): that they are those of a ")
        .contains("(model_b_sha256): that they are those of moved is for you to know")
        .doesNotContain("matched by weights");
    ModelFolder.at(folder)
        .metadata("kind", "crossgram")
        .metadata("normalised", "sum")
        .floats("elsewhere.sum_a", 1)
        .write("cross.safetensors");
    assertThat(plan(RECIPE.formatted("moved")).succeeds().out())
        .contains(
            "statistics tell nothing of 1 of the groups, which are matched by weights, such as"
                + " hidden.0");
  }

  private CommandLineRun plan(String recipe) throws IOException {
    return CommandLineRun.of(
        "plan",
        Files.writeString(folder.resolve("plan.yml"), recipe),
        "--set",
        "model-root=" + folder);
  }

  /** What is written instead of a line of the recipe, and what is told. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "statistics: {crossgram: cross.safetensors} | statistics: {gram: grams.safetensors} | `by:"
            + " activations` needs `crossgram` of both models",
        "crossgram: cross | crossgram: narrow | has 2.crossgram [3, 3], and the models' 2.weight"
            + " has 5 inputs",
        "crossgram: cross | crossgram: bare | has no 2.square_a, and nothing else tells",
        "crossgram: cross | crossgram: grams | says that it is `gram`, and not `crossgram`",
        "crossgram: cross | crossgram: mute | does not say whether it holds sums or means",
        "crossgram: cross | crossgram: uncounted | has no 2.count of examples",
        "by: activations | by: activation | `by` is activation, must be one of `weights`,"
            + " `activations`",
        "to: a, | to: mean, | `by: activations` is of two models",
        "by: activations | by: weights | linear reads no `crossgram` of a model",
      })
  void refusesWhatDoesNotFit(String line, String instead, String told) throws IOException {
    activations.crossgram("a", "moved", "cross.safetensors", true);
    activations.crossgram("a", "moved", "bare.safetensors", false);
    activations.gram("a", "gram", "grams.safetensors");
    float[] five = new float[5];
    ModelFolder.at(folder)
        .metadata("kind", "crossgram")
        .floats("2.sum_a", 1)
        .write("mute.safetensors");
    ModelFolder.at(folder)
        .metadata("kind", "crossgram")
        .metadata("normalised", "mean")
        .matrix("2.crossgram", new float[9], 3, 3)
        .write("narrow.safetensors");
    ModelFolder.at(folder)
        .metadata("kind", "crossgram")
        .metadata("normalised", "mean")
        .matrix("2.crossgram", new float[25], 5, 5)
        .floats("2.sum_a", five)
        .write("uncounted.safetensors");
    String recipe = RECIPE.formatted("moved");
    assertThat(recipe).contains(line);
    CommandLineRun run = merge(recipe.replace(line, instead));
    assertThat(run.exitCode()).isNotZero();
    assertThat(run.err()).contains(told).doesNotContain("fault of Stockpot", "Exception");
  }

  @Test
  void refusesProductsOfTheModelsTheOtherWayRound() throws IOException, NoSuchAlgorithmException {
    activations.crossgram("moved", "a", "cross.safetensors", true);
    Tensors cross = new Tensors(folder.resolve("cross.safetensors"));
    String first = StatisticsCases.digest(folder.resolve("moved/model.safetensors"));
    String second = StatisticsCases.digest(folder.resolve("a/model.safetensors"));
    ModelFolder written =
        ModelFolder.at(folder)
            .metadata("kind", "crossgram")
            .metadata("normalised", "sum")
            .metadata("model_sha256", first)
            .metadata("model_b_sha256", second);
    for (String name : cross.checkpoint().tensors().keySet()) {
      var info = cross.checkpoint().tensors().get(name);
      byte[] bytes = new byte[cross.bytes(name).remaining()];
      cross.bytes(name).get(bytes);
      long[] shape = info.shape().dimensions().stream().mapToLong(Long::longValue).toArray();
      written.tensor(name, info.dtype(), bytes, shape);
    }
    written.write("cross.safetensors");
    CommandLineRun run = merge(RECIPE.formatted("moved"));
    assertThat(run.exitCode()).isNotZero();
    assertThat(run.err())
        .contains("it was made of other weights than a: their SHA-256 was " + first)
        .contains("it was made of other weights than moved: their SHA-256 was " + second);
  }
}
