package dev.stockpot.merge.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.kernels.number.Shape;
import dev.stockpot.merge.UserException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Soups that follow from losses, and windows, from a recipe to a checkpoint. */
class OtherSoupsTest extends TrialMerges {
  private String losses(double... losses) throws IOException {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < losses.length; i++) {
      lines.append("{\"model_name\": \"m%s\", \"loss\": %s}\n".formatted(i, losses[i]));
    }
    Path file = folder.resolve("losses.jsonl");
    Files.writeString(file, lines);
    return file.toString();
  }

  private String swad(String keys, String direction, double... losses) throws IOException {
    return soup("kind: swad" + keys)
        .replaceAll("http: .*", "scores: " + losses(losses))
        .replace("direction: max", "direction: " + direction)
        .replace("parallel: 2", "metric: loss");
  }

  @Test
  void swadAveragesTheValleyOfAFileOfLosses() throws Exception {
    merge(swad(", converge: 2, tolerance: 2", "min", 3, 1, 1.2, 4, 5), "out", MergeOptions.DEFAULT);
    String recipe = manifest("out").text("recipe");
    assertThat(recipe).contains("m1", "m2").doesNotContain("m0", "m3", "m4");
    stockpot.merge(MergeRecipe.yaml(recipe), folder.resolve("alone").toString());
    assertThat(weights("out")).isEqualTo(weights("alone"));
    assertThat(tried).hasSize(5);
    assertThat(store.most(2L * NUMBERS).get(model(1) + "/model.safetensors")).isEqualTo(2);
  }

  @Test
  void lossesThatStillFallAreNoValley() throws IOException {
    String recipe = swad("", "min", 5, 4, 3, 2, 1);
    assertThatThrownBy(() -> merge(recipe, "out", MergeOptions.DEFAULT))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("Nothing was chosen of 5 candidates")
        .hasMessageContaining("no checkpoint has the least loss of 3 in a row");
  }

  @Test
  void anAccuracyIsNoLoss() throws IOException {
    String recipe = swad("", "max", 0.5, 0.6, 0.7, 0.6, 0.6);
    assertThatThrownBy(() -> merge(recipe, "out", MergeOptions.DEFAULT))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("SWAD compares losses by their ratio");
  }

  @Test
  void moreLossesThanCheckpointsCannotBeWaitedFor() throws IOException {
    String recipe = swad(", converge: 9", "min", 5, 4, 3, 2, 1);
    assertThatThrownBy(() -> merge(recipe, "out", MergeOptions.DEFAULT))
        .hasMessageContaining("SWAD looks at 9 losses")
        .hasMessageContaining("there are 5 checkpoints");
  }

  @Test
  void windowsAreMeansOfConsecutiveCheckpointsByTheirStride() throws Exception {
    judge.close();
    judge = new JudgeService(NUMBERS, nearTo(1, 2, 3));
    merge(soup("kind: windows, sizes: [3, 2], stride: 1"), "out", MergeOptions.DEFAULT);
    assertThat(tried).hasSize(3 + 4);
    assertThat(manifest("out").text("recipe"))
        .contains("m1", "m2", "m3")
        .doesNotContain("m0", "m4");
  }

  @Test
  void allWindowsAreMadeInOneReadingOfTheRun() throws Exception {
    merge(soup("kind: windows, sizes: [2, 3, 4], stride: 1"), "out", MergeOptions.DEFAULT);
    assertThat(tried).hasSize(4 + 3 + 2);
    requireOneReadingOfAllAndOneOfTheBest();
  }

  /** Each checkpoint once for all windows, and once more if it is in the best of them. */
  private void requireOneReadingOfAllAndOneOfTheBest() throws Exception {
    String best = manifest("out").text("recipe");
    for (int checkpoint = 0; checkpoint < MODELS; checkpoint++) {
      assertThat(store.most(2L * NUMBERS).get(model(checkpoint) + "/model.safetensors"))
          .as("checkpoint %s", checkpoint)
          .isEqualTo(best.contains("m" + checkpoint) ? 2 : 1);
    }
  }

  /** Windows of what a pattern matches. */
  private String ofPattern(String keys, String more) {
    return """
    soup: {kind: windows, %s}
    models: [{model: '%s/m?'%s}]
    dtype: bfloat16
    evaluate: {http: '%s', direction: max, parallel: 2}
    """
        .formatted(keys, folder, more, judge.address());
  }

  @Test
  void weightedWindowsAreMadeInOneReadingToo() throws Exception {
    merge(ofPattern("sizes: [2, 3, 4], average: wma", ""), "out", MergeOptions.DEFAULT);
    assertThat(tried).hasSize(4 + 3 + 2);
    requireOneReadingOfAllAndOneOfTheBest();
    assertThat(manifest("out").text("recipe")).contains("weight: 2");
  }

  @Test
  void stepsThatAreOffTheGridAreInNoWindow() throws Exception {
    merge(ofPattern("sizes: [2, 3]", ", steps: {every: 2}"), "out", MergeOptions.DEFAULT);
    assertThat(tried).hasSize(2 + 1); // of m0, m2, m4
    assertThat(store.most(2L * NUMBERS))
        .doesNotContainKeys(model(1) + "/model.safetensors", model(3) + "/model.safetensors");
  }

  @Test
  void aWindowHasTheBytesThatItsMergeHasByItself() throws Exception {
    merge(soup("kind: windows, sizes: [3], stride: 2"), "out", MergeOptions.DEFAULT);
    assertThat(tried).hasSize(2);
    String recipe = manifest("out").text("recipe");
    merge(recipe, "again", MergeOptions.DEFAULT);
    assertThat(weights("again")).isEqualTo(weights("out"));
    double alone =
        nearTo(0, 2, 3).applyAsDouble(JudgeService.numbers(folder.resolve("again"), NUMBERS));
    double best = judged().stream().mapToDouble(Double::doubleValue).max().orElseThrow();
    assertThat(best).as("scored as one of several").isEqualTo(alone);
  }

  private List<Double> judged() throws Exception {
    return manifest("out").object("chosen").orElseThrow().objects("trials").stream()
        .map(trial -> trial.get("worth").orElseThrow().number().orElseThrow())
        .toList();
  }

  @Test
  void aUniformSoupOfSeveralSweepsIsTheirMeanAndItsReportSaysHowUnlikeTheyAre() throws Exception {
    judge.close();
    judge = new JudgeService(NUMBERS, nearTo(2));
    for (String place : List.of("a/1", "a/2", "b/1")) {
      SmallModels.write(
          folder.resolve("sweeps").resolve(place),
          place.hashCode(),
          List.of(Shape.of(64, 128), Shape.of(64, 128)));
    }
    String recipe =
        """
        soup: uniform
        models: [{model: %1$s/sweeps/a/*}, {model: %1$s/sweeps/b/*}]
        dtype: bfloat16
        evaluate: {http: '%2$s', direction: max}
        """
            .formatted(folder, judge.address());
    merge(recipe, "out", MergeOptions.DEFAULT);
    assertThat(tried).hasSize(3 + 1);
    assertThat(tried.get(3).verdict()).isNotEmpty();
    assertThat(manifest("out").text("recipe")).contains("a/1", "a/2", "b/1");
    assertThat(Files.readString(folder.resolve("out/report/report.html")))
        .contains("\"cosines\":[");
  }

  @Test
  void aLineIsMadeInOneReading() throws IOException {
    judge.close();
    judge = new JudgeService(NUMBERS, nearTo(0, 0, 0, 1));
    String recipe =
        soup("kind: line, points: 9")
            .lines()
            .filter(line -> !line.matches(".*/m[234]"))
            .reduce("", (a, b) -> a + b + "\n");
    merge(recipe, "out", MergeOptions.DEFAULT);
    assertThat(tried).hasSize(9);
    // once for all points between the ends, once for the best
    assertThat(store.most(2L * NUMBERS)).containsEntry(model(0) + "/model.safetensors", 2);
  }
}
