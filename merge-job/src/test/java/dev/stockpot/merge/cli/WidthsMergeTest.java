package dev.stockpot.merge.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Models of other widths in one composition. */
class WidthsMergeTest extends WidthsMergeCases {
  @Test
  void aMapBetweenWidthsIsFoundBySharedTokens() throws IOException {
    Tensors out = merged(BOTH);
    assertThat(out.checkpoint().tensors().get("stitch.weight").shape())
        .isEqualTo(Shape.of(WIDE, NARROW));
    double[] found = out.values("stitch.weight");
    for (int i = 0; i < found.length; i++) {
      assertThat(found[i]).isCloseTo(map[i], within(1e-5));
    }
    assertThat(out.values("stitch.explained")[0]).isCloseTo(1, within(1e-6));
  }

  @Test
  void theFitIsPrintedAndInReportAndManifest() throws IOException {
    assertThat(run(BOTH).succeeds().out()).contains("R² of the fit: 1.0000 of stitch.weight");
    assertThat(Files.readString(folder.resolve("out/report/report.html")))
        .contains("R² of the fit: 1.0000 of stitch.weight");
    JsonNode measured =
        new ObjectMapper()
            .readTree(folder.resolve("out/stockpot-manifest.json").toFile())
            .at("/measured/0");
    assertThat(measured.get("tensor").textValue()).isEqualTo("stitch.weight");
    assertThat(measured.at("/found/R² of the fit").doubleValue()).isCloseTo(1, within(1e-9));
  }

  @Test
  void theSameMergeAgainIsThereAlready() throws IOException {
    run(BOTH).succeeds();
    assertThat(
            CommandLineRun.of(
                    "merge",
                    folder.resolve("recipe.yml"),
                    folder.resolve("out"),
                    "--resume",
                    "--set",
                    "model-root=" + folder)
                .succeeds()
                .out())
        .contains("is this merge already");
  }

  @Test
  void whatNoLibraryLoadsIsSaidBefore() throws IOException {
    assertThat(run(BOTH).succeeds().err())
        .contains(
            "stitch.weight maps states between layers of other widths: no class of transformers"
                + " loads");
  }

  @Test
  void matricesAreCarriedToTheOtherWidth() throws IOException {
    Tensors out =
        merged(
            """
            base_model: narrow
            compose:
              - {as: map, fit: least_squares, from: narrow, to: wide, hidden: true}
              - {as: back, fit: least_squares, from: wide, to: narrow, ridge: 0.000001, hidden: true}
              - {from: wide, match: up_proj, through: map}
              - {from: wide, match: down_proj, onto: back}
              - {from: wide, leave_out: true}
              - {from: narrow, leave_out: true}
            """);
    assertThat(out.checkpoint().tensors()).hasSize(3);
    assertThat(out.checkpoint().tensors().get("model.layers.0.mlp.up_proj.weight").shape())
        .isEqualTo(Shape.of(2, NARROW));
    assertThat(out.checkpoint().tensors().get("model.layers.0.mlp.down_proj.weight").shape())
        .isEqualTo(Shape.of(NARROW, 2));
    assertThat(out.checkpoint().tensors().get("model.layers.0.mlp.down_proj.bias").shape())
        .isEqualTo(Shape.of(NARROW));
    float[] up = random(7, 2 * WIDE);
    double[] made = out.values("model.layers.0.mlp.up_proj.weight");
    for (int row = 0; row < 2; row++) {
      for (int column = 0; column < NARROW; column++) {
        double expected = 0;
        for (int i = 0; i < WIDE; i++) {
          expected += up[row * WIDE + i] * map[i * NARROW + column];
        }
        assertThat(made[row * NARROW + column]).isCloseTo(expected, within(1e-4));
      }
    }
  }

  @Test
  void equalWidthsMayBeTurned() throws IOException {
    float[] narrow = random(1, TOKENS * NARROW);
    float[] turned = new float[narrow.length];
    for (int token = 0; token < TOKENS; token++) { // a permutation with a sign is orthogonal
      turned[token * NARROW] = narrow[token * NARROW + 1];
      turned[token * NARROW + 1] = -narrow[token * NARROW];
      turned[token * NARROW + 2] = narrow[token * NARROW + 2];
    }
    model("turned", words(0, TOKENS), turned, NARROW);
    Tensors out =
        merged(
            """
            base_model: narrow
            compose:
              - {as: turn, fit: procrustes, from: narrow, to: turned}
            """);
    assertThat(out.values("turn"))
        .containsExactly(new double[] {0, 1, 0, -1, 0, 0, 0, 0, 1}, within(1e-6));
  }

  private static final String OF_SUMS =
      """
      base_model: wide
      compose:
        - {as: map, fit: crossgram, from: cross, grams: sums, gram: mlp.gram, crossgram: mlp.crossgram, ridge: 0}
      """;

  /** As stockpot-tools writes them: a file for each kind, with notes. */
  private void statistics(String grams, long samples, float scale) throws IOException {
    ModelFolder sums =
        ModelFolder.at(folder.resolve("sums"))
            .metadata("kind", "gram")
            .matrix("mlp.gram", new float[] {4 * scale, 0, 0, 2 * scale}, 2, 2)
            .tensor("mlp.count", DType.I64, StatisticsCases.count(samples), 1);
    (grams.isEmpty() ? sums : sums.metadata("normalised", grams)).write();
    ModelFolder.at(folder.resolve("cross"))
        .metadata("kind", "crossgram")
        .metadata("normalised", "sum")
        .matrix("mlp.crossgram", new float[] {4, 8, 12, 2, 4, 6}, 2, 3)
        .tensor("mlp.count", DType.I64, StatisticsCases.count(8), 1)
        .write();
  }

  @Test
  void sumsAndMeansOfOtherFilesAreToldApart() throws IOException {
    statistics("sum", 8, 1);
    assertThat(merged(OF_SUMS).values("map"))
        .containsExactly(new double[] {1, 1, 2, 2, 3, 3}, within(1e-6));
    statistics("mean", 8, 1 / 8f);
    assertThat(merged(OF_SUMS).values("map"))
        .containsExactly(new double[] {1, 1, 2, 2, 3, 3}, within(1e-6));
  }

  @Test
  void productsOfOtherExamplesAreRefused() throws IOException {
    statistics("sum", 9, 1);
    assertThat(run(OF_SUMS).err())
        .contains("mlp.gram is of 9.0 samples and mlp.crossgram of 8.0; take both from the same");
    statistics("", 8, 1);
    assertThat(run(OF_SUMS).err()).contains("sums does not say whether it holds sums or means");
  }

  @Test
  void sumsOfProductsGiveTheMap() throws IOException {
    float[] gram = {4, 0, 0, 2};
    float[] cross = {4, 8, 12, 2, 4, 6};
    ModelFolder.at(folder.resolve("sums"))
        .matrix("mlp.gram", gram, 2, 2)
        .matrix("mlp.crossgram", cross, 2, 3)
        .write();
    Tensors out =
        merged(
            "base_model: wide\n"
                + "compose:\n"
                + "  - {as: map, fit: crossgram, from: sums, gram: mlp.gram, crossgram:"
                + " mlp.crossgram, ridge: 0}\n");
    assertThat(out.values("map")).containsExactly(new double[] {1, 1, 2, 2, 3, 3}, within(1e-6));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{as: s, fit: procrustes, from: narrow, to: wide} | an orthogonal map needs equal widths,"
            + " and they are 3 and 5",
        "{as: s, fit: squares, from: narrow, to: wide} | `fit` is squares",
        "{as: s, fit: least_squares, from: narrow} | a fit has `from` and `to`",
        "{fit: least_squares, from: narrow, to: wide} | a map needs a name",
        "{as: s, fit: least_squares, from: narrow, to: wide, ridge: -1} | `ridge` is -1.0",
        "{as: s, fit: least_squares, from: narrow, to: wide, gram: x} | `gram` is the name of a"
            + " tensor",
        "{as: s, fit: least_squares, from: narrow, to: wide, target: x} | `target: x` is the name"
            + " of YᵀY in statistics",
        "{as: s, fit: least_squares, from: narrow, to: wide, targets: wide} | `targets` is wide,"
            + " where `target` lies, and belongs to `fit: crossgram`",
        "{as: s, fit: crossgram, from: narrow, gram: x, crossgram: y, targets: wide} | `targets` is"
            + " a checkpoint of statistics; write `target: NAME`",
        "{as: s, fit: least_squares, from: narrow, to: wide, bias: s} | `bias` is the name of the"
            + " vector that is added, another than `as`",
        "{from: wide, bias: s} | `bias` is out of place here",
        "{as: s, fit: crossgram, from: narrow} | which is missing beside `fit: crossgram`",
        "{as: s, fit: crossgram, from: narrow, gram: x, crossgram: y} | narrow has no tensor x",
        "{as: s, fit: least_squares, from: narrow, to: wide, match: x} | `match` is out of place"
            + " here",
        "{from: wide, through: absent} | no rule above makes absent",
        "{from: wide, tokens: {method: omp}} | `tokens` names the model whose tokens they are",
        "{from: wide, tokens: {of: narrow, method: guess}} | `method` is guess",
        "{from: wide, tokens: {of: narrow, k: 0}} | `k` is 0.0, must be a whole number",
        "{from: wide, tokens: {of: narrow}, through: s} | `through` and `onto` belong to another"
            + " rule"
      })
  void whatCannotBeIsRefusedBeforeATensorIsRead(String rule, String message) throws IOException {
    CommandLineRun run = run("base_model: narrow\ncompose:\n  - %s\n".formatted(rule));
    assertThat(run.exitCode()).isNotZero();
    assertThat(run.err()).contains("recipe.yml:3: ").contains(message);
  }

  @Test
  void tooFewSharedTokensAreRefused() throws IOException {
    model("other", List.of("w1", "w2", "z"), random(2, 3 * WIDE), WIDE);
    CommandLineRun run =
        run(
            """
            base_model: wide
            compose:
              - {as: s, fit: least_squares, from: other, to: narrow}
            """);
    assertThat(run.exitCode()).isNotZero();
    assertThat(run.err()).contains("share 2 tokens, too few for a width of 5; give a `ridge`");
  }

  @Test
  void modelsWithoutTokenizersAreRefused() throws IOException {
    Files.delete(folder.resolve("wide/tokenizer.json"));
    CommandLineRun run = run(BOTH);
    assertThat(run.exitCode()).isNotZero();
    assertThat(run.err()).contains("tokenizer.json").doesNotContain("fault of Stockpot");
  }
}
