package dev.stockpot.merge.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.merge.UserException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
