package dev.stockpot.merge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.merge.json.Json;
import dev.stockpot.merge.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code diff} says of how two checkpoints are related. */
class DiffKinshipTest {
  @TempDir private static Path models;

  @BeforeAll
  static void writeModels() throws IOException {
    String[] tunes = {"base", "math", "code"};
    for (int tune = 0; tune < tunes.length; tune++) {
      write(tunes[tune], 1, tune, 0.1f);
    }
    write("stranger", 2, 0, 0);
    write("farther", 1, 1, 0.13f); // along the way of math
  }

  private static void write(String name, int start, int tune, float share) throws IOException {
    ModelFolder.at(models.resolve(name))
        .matrix("layers.0.weight", tuned(start, tune, share, 600 * 400), 600, 400)
        .matrix("layers.1.weight", tuned(start + 10, tune, share, 40 * 30), 40, 30)
        .filled("norm.weight", 1, 30)
        .write();
  }

  private static float[] tuned(int start, int tune, float share, int elements) {
    Random random = new Random(start);
    Random own = new Random(100L * start + tune);
    float[] values = new float[elements];
    for (int i = 0; i < elements; i++) {
      values[i] = (float) (random.nextGaussian() + (tune == 0 ? 0 : share * own.nextGaussian()));
    }
    return values;
  }

  private static CommandLineRun diff(String one, String other, Object... more) {
    Object[] words = new Object[3 + more.length];
    words[0] = "diff";
    words[1] = models.resolve(one);
    words[2] = models.resolve(other);
    System.arraycopy(more, 0, words, 3, more.length);
    return CommandLineRun.of(words);
  }

  @Test
  void aSampleIsEnoughToKnowStrangers() {
    String said = diff("base", "stranger", "--sample").succeeds().out();
    assertThat(said)
        .contains("By a sample of 131,630 of 241,230 elements of each model:")
        .contains("They were trained apart: their units do not correspond.")
        .contains("To do: a plain average is worth nothing")
        .doesNotContain("Layer");
  }

  @Test
  void withABaseTaskVectorsAreCompared() {
    String said =
        diff("math", "code", "--sample", "--base", models.resolve("base")).succeeds().out();
    assertThat(said)
        .containsPattern("math: changes .*base by (9|10)\\.\\d\\d % of its length, and leaves 0\\.")
        .containsPattern("cosine of the task vectors +-?0\\.0")
        .contains("They come from one base, and learned different things.");
    assertThat(diff("math", "farther", "--sample", "--base", models.resolve("base")).out())
        .containsPattern("cosine of the task vectors +1\\.0000")
        .containsPattern("signs of changes that agree +100\\.00 %")
        .contains("They are of one run, or learned one task twice from one base.");
  }

  @Test
  void aBaseThatIsNoneIsTold() {
    assertThat(
            diff("math", "code", "--sample", "--base", models.resolve("stranger")).succeeds().out())
        .containsPattern("stranger is not the base of .*math: they were trained apart");
  }

  @Test
  void allElementsTellTheSameAndMore() {
    String said = diff("base", "math", "--exact").succeeds().out();
    assertThat(said)
        .contains("Lengths of the changes")
        .contains("By all 241,230 elements of each model:")
        .contains("They come from one start: one run, or one base.");
    assertThat(diff("base", "math").succeeds().out())
        .contains("Lengths of the changes")
        .contains("By a sample of 131,630 of 241,230");
  }

  @Test
  void theSampleIsTheSameHoweverManyTasksLook() {
    String one = diff("base", "math", "--sample", "--set", "tasks=1").succeeds().out();
    assertThat(diff("base", "math", "--sample", "--set", "tasks=4").out()).isEqualTo(one);
    assertThat(
            diff(
                    "base",
                    "math",
                    "--sample",
                    "--set",
                    "chunk-elements=4096",
                    "--set",
                    "provider=scalar")
                .out())
        .isEqualTo(one);
  }

  @Test
  void aSampleWritesNoReport() {
    CommandLineRun run = diff("base", "math", "--sample", "--output", models.resolve("out"));
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("--sample looks at some elements and writes no report");
    assertThat(diff("base", "math", "--sample", "--exact").err()).contains("leave out --exact");
    assertThat(models.resolve("out")).doesNotExist();
  }

  @Test
  void programsReadIt() throws Exception {
    String line =
        diff("math", "code", "--sample", "--base", models.resolve("base"), "--json")
            .succeeds()
            .out();
    assertThat(line.strip().lines()).hasSize(1);
    JsonObject related =
        Json.parse(line.getBytes(StandardCharsets.UTF_8))
            .object()
            .orElseThrow()
            .object("related")
            .orElseThrow();
    assertThat(related.text("base")).isEqualTo(models.resolve("base").toString());
    assertThat(line)
        .contains("\"verdict\":\"one_base\"")
        .contains("\"elements\":241230,\"sampled\":131630")
        .contains("\"tensors\":0,\"layers\":[],\"report\":null");
  }

  @Test
  void aBaseThatIsNotThereIsAnErrorInWords() {
    CommandLineRun run = diff("base", "math", "--sample", "--base", models.resolve("nowhere"));
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains("nowhere");
  }
}
