package dev.stockpot.merge.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.stockpot.kernels.number.DType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code repair} and {@code batch_norm} behind merges, as a user meets them. */
class MomentStepsMergeTest {
  private static final String LAYER = "layers.0";
  private static final String REPAIRED =
      """
      merge_method: linear
      models:
      - {model: a, parameters: {weight: 0.75}, statistics: {act_mean_std: a.safetensors}}
      - {model: b, parameters: {weight: 0.25}, statistics: {act_mean_std: b.safetensors}}
      statistics: {crossgram: both.safetensors}
      post: [repair]
      """;

  @TempDir private Path folder;

  @BeforeEach
  void write() throws IOException {
    model("a", 1);
    model("b", 2);
    moments("a", new float[] {1, 2}, new float[] {40, 90}, 10);
    moments("b", new float[] {3, -2}, new float[] {80, 45}, 5);
    cross("both", new float[] {30, 20}, 10); // covariances of 0 and 6
  }

  private void model(String name, float value) throws IOException {
    ModelFolder.at(folder.resolve(name))
        .matrix(LAYER + ".weight", new float[] {value, 2 * value, 3 * value, 4}, 2, 2)
        .floats(LAYER + ".bias", value, -value)
        .matrix("layers.1.weight", new float[] {value, 1}, 1, 2)
        .floats("bn.running_mean", value, 5)
        .write();
  }

  private void moments(String name, float[] mean, float[] squares, long count) throws IOException {
    ModelFolder.at(folder)
        .metadata("kind", "act_mean_std")
        .floats(LAYER + ".mean", mean)
        .floats(LAYER + ".m2", squares)
        .tensor(LAYER + ".count", DType.I64, count(count), 1)
        .write(name + ".safetensors");
  }

  private void cross(String name, float[] products, long count) throws IOException {
    ModelFolder.at(folder)
        .metadata("kind", "crossgram")
        .metadata("normalised", "sum")
        .floats(LAYER + ".cross_diag", products)
        .floats(LAYER + ".sum_a", 10, -20)
        .floats(LAYER + ".sum_b", 30, 20)
        .tensor(LAYER + ".count", DType.I64, count(count), 1)
        .write(name + ".safetensors");
  }

  private static byte[] count(long count) {
    return ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(count).array();
  }

  private CommandLineRun run(String verb, String recipe, String... more) throws IOException {
    Path file = Files.writeString(folder.resolve("recipe.yml"), recipe);
    Stream<Object> words =
        verb.equals("plan")
            ? Stream.of("plan", file)
            : Stream.of("merge", file, folder.resolve("out"), "--overwrite");
    Stream<Object> all = Stream.concat(words, Stream.of("--set", "model-root=" + folder));
    return CommandLineRun.of(Stream.concat(all, Stream.of((Object[]) more)).toArray());
  }

  private Tensors merged(String recipe, String... more) throws IOException {
    run("merge", recipe, more).succeeds();
    return new Tensors(folder.resolve("out"));
  }

  @Test
  void repairFoldsGainsAndShiftsIntoTheLayer() throws IOException {
    Tensors merged = merged(REPAIRED);
    // deviations 2 and 3 of a, 4 and 3 of b; covariances 0 and 6
    double first = (0.75 * 2 + 0.25 * 4) / Math.sqrt(1.5 * 1.5 + 1);
    double second = 3 / Math.sqrt(2.25 * 2.25 + 0.75 * 0.75 + 2 * 0.75 * 0.25 * 6);
    assertThat(merged.values(LAYER + ".weight"))
        .containsExactly(
            new double[] {1.25 * first, 2.5 * first, 3.75 * second, 4 * second}, within(1e-6));
    double mean = 0.75 * 1 + 0.25 * 3;
    double other = 0.75 * 2 - 0.25 * 2;
    assertThat(merged.values(LAYER + ".bias"))
        .containsExactly(
            new double[] {first * 1.25 + (1 - first) * mean, second * -1.25 + (1 - second) * other},
            within(1e-6));
    assertThat(merged.values("layers.1.weight")).containsExactly(1.25, 1);
  }

  @Test
  void twoStagesTakeMomentsOfTheMergedModel() throws IOException {
    moments("merged", new float[] {1, 1}, new float[] {10, 10}, 10); // deviations of 1
    String recipe =
        REPAIRED.replace("crossgram: both.safetensors", "act_mean_std: merged.safetensors");
    Tensors merged = merged(recipe);
    assertThat(merged.values(LAYER + ".weight"))
        .containsExactly(new double[] {1.25 * 2.5, 2.5 * 2.5, 3.75 * 3, 4 * 3}, within(1e-6));
    assertThat(merged.values(LAYER + ".bias"))
        .containsExactly(new double[] {2.5 * (1.25 - 1) + 1.5, 3 * (-1.25 - 1) + 1}, within(1e-6));
  }

  @Test
  void theBytesHangOnNoCut() throws IOException {
    run("merge", REPAIRED).succeeds();
    byte[] whole = Files.readAllBytes(folder.resolve("out/model.safetensors"));
    run(
            "merge",
            REPAIRED,
            "--set",
            "tasks=4",
            "--set",
            "provider=scalar",
            "--set",
            "part-size=1MiB")
        .succeeds();
    assertThat(Files.readAllBytes(folder.resolve("out/model.safetensors"))).isEqualTo(whole);
  }

  @Test
  void manifestAndPlanTellOfTheStatistics() throws IOException {
    assertThat(run("plan", REPAIRED).succeeds().out())
        .contains("Beside   crossgram " + folder.resolve("both.safetensors"))
        .contains("stay as merged, as repair is for inner layers with a bias and with statistics");
    merged(REPAIRED);
    assertThat(Files.readString(folder.resolve("out/stockpot-manifest.json")))
        .contains("both.safetensors")
        .contains("post.1.repair.most");
  }

  @Test
  void statisticsThatAreMissingAreAskedFor() throws IOException {
    CommandLineRun run =
        run("plan", REPAIRED.replace(", statistics: {act_mean_std: b.safetensors}", ""));
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("repair needs `act_mean_std` of b; add a line");
    assertThat(
            run("plan", REPAIRED.replace("statistics: {crossgram: both.safetensors}\n", "")).err())
        .contains("repair needs `crossgram` or `act_mean_std` of the whole merge");
    assertThat(run("plan", REPAIRED.replace("post: [repair]\n", "")).err())
        .contains("reads no `act_mean_std`");
  }

  @Test
  void statisticsOfAnotherKindAreRefused() throws IOException {
    CommandLineRun run =
        run("plan", REPAIRED.replace("crossgram: both.safetensors", "crossgram: a.safetensors"));
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("says that it is `act_mean_std`, and not `crossgram`");
  }

  @Test
  void batchNormsAreNotForRepair() throws IOException {
    for (String name : new String[] {"a", "b"}) {
      ModelFolder.at(folder.resolve(name))
          .floats("bn.running_mean", name.equals("a") ? 0 : 4, 1)
          .floats("bn.running_var", 1, 2)
          .write();
    }
    assertThat(run("plan", REPAIRED).err()).contains("`repair` is for models without batch norms");
    String mixture =
        "merge_method: uniform_soup\nmodels: [{model: a}, {model: b}]\npost: [batch_norm]\n";
    Tensors merged = merged(mixture);
    assertThat(merged.values("bn.running_var")).containsExactly(1 + 4, 2);
    assertThat(merged.values("bn.running_mean")).containsExactly(2, 1);
  }

  @Test
  void sumsOfTaskVectorsAreNoAverages() throws IOException {
    for (String name : new String[] {"a", "b", "base"}) {
      ModelFolder.at(folder.resolve(name))
          .floats("bn.running_mean", name.equals("a") ? 0 : 4, 1)
          .floats("bn.running_var", name.equals("base") ? 9 : 1, 2)
          .write();
    }
    CommandLineRun run =
        run(
            "merge",
            """
            merge_method: task_arithmetic
            base_model: base
            models: [{model: a}, {model: b}]
            parameters: {weight: 0.7}
            post: [batch_norm]
            """);
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err())
        .contains("`batch_norm` follows an average of the models by their weights");
  }
}
