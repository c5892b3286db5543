package dev.stockpot.merge.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.merge.safetensors.ShardMetadata;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.local.LocalStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Statistics over parts of the data become those over all of it, or are refused. */
class StatisticsCommandTest {
  private static final String MODULE = "model.layers.0.mlp.up_proj";
  private static final String SHA = "ab".repeat(32);

  @TempDir private Path folder;

  private ModelFolder grams(String name, String form, int count, float... gram) throws IOException {
    return ModelFolder.at(folder.resolve(name))
        .metadata("kind", "gram")
        .metadata("normalised", form)
        .metadata("layout", "linear")
        .metadata("model_sha256", SHA)
        .metadata("n_examples", String.valueOf(count / 5))
        .metadata("n_tokens", String.valueOf(count))
        .metadata("dataset_note", "part " + name)
        .matrix(MODULE + ".gram", gram, 2, 2)
        .tensor(MODULE + ".count", DType.I64, count(count), 1);
  }

  private static byte[] count(long count) {
    return ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(count).array();
  }

  private CommandLineRun add() {
    return CommandLineRun.of(
        "statistics", "add", folder.resolve("a"), folder.resolve("b"), folder.resolve("out"));
  }

  private Tensors added() throws IOException {
    add().succeeds();
    return new Tensors(folder.resolve("out"));
  }

  private Map<String, String> notes() throws IOException {
    LocalStore store = new LocalStore();
    Location file = new Location(folder.resolve("out/statistics.safetensors").toString());
    return ShardMetadata.read(store, store.find(file).orElseThrow());
  }

  private long counted() throws IOException {
    return (long) new Tensors(folder.resolve("out")).values(MODULE + ".count")[0];
  }

  private void refused(String message) {
    CommandLineRun add = add();
    assertThat(add.exitCode()).as(add.out()).isEqualTo(1);
    assertThat(add.err()).contains(message);
    assertThat(folder.resolve("out")).doesNotExist();
  }

  @Test
  void sumsAddUp() throws IOException {
    grams("a", "sum", 10, 4, 1, 1, 8).write();
    grams("b", "sum", 30, 2, -3, -3, 16).write();

    assertThat(added().values(MODULE + ".gram")).containsExactly(6, -2, -2, 24);
    assertThat(counted()).isEqualTo(40);
    assertThat(notes())
        .containsEntry("n_examples", "8")
        .containsEntry("n_tokens", "40")
        .containsEntry("dataset_note", "part a + part b")
        .containsEntry("model_sha256", SHA)
        .containsEntry("normalised", "sum");
  }

  @Test
  void meansAreWeighedByTheirCounts() throws IOException {
    grams("a", "mean", 10, 4, 0, 0, 8).write();
    grams("b", "mean", 30, 8, 4, 4, 0).write();

    assertThat(added().values(MODULE + ".gram")).containsExactly(7, 3, 3, 2);
  }

  @Test
  void momentsAreThoseOfAllSamplesTogether() throws IOException {
    Random random = new Random(5);
    double[] all = random.doubles(50, -2, 1).toArray(); // whose mean is below zero
    moments("a", all, 0, 20);
    moments("b", all, 20, 50);
    Tensors out = added();

    double[] expected = moments(all, 0, 50);
    assertThat(out.values("conv.mean")[0]).isCloseTo(expected[0], within(1e-6));
    assertThat(out.values("conv.m2")[0]).isCloseTo(expected[1], within(1e-6));
  }

  private static double[] moments(double[] all, int from, int to) {
    double mean = 0;
    for (int i = from; i < to; i++) {
      mean += all[i] / (to - from);
    }
    double squares = 0;
    for (int i = from; i < to; i++) {
      squares += (all[i] - mean) * (all[i] - mean);
    }
    return new double[] {mean, squares};
  }

  private void moments(String name, double[] all, int from, int to) throws IOException {
    double[] found = moments(all, from, to);
    ModelFolder.at(folder.resolve(name))
        .metadata("kind", "act_mean_std")
        .floats("conv.mean", (float) found[0])
        .floats("conv.m2", (float) found[1])
        .tensor("conv.count", DType.I64, count(to - from), 1)
        .write();
  }

  @Test
  void fisherIsWeighedByExamples() throws IOException {
    fisher("a", "3", 1, 2);
    fisher("b", "1", 5, 10);

    assertThat(added().values("w")).containsExactly(2, 4);
    assertThat(notes()).containsEntry("n_examples", "4");
  }

  private void fisher(String name, String examples, float... values) throws IOException {
    ModelFolder.at(folder.resolve(name))
        .metadata("kind", "fisher_diag")
        .metadata("normalised", "mean")
        .metadata("n_examples", examples)
        .floats("w", values)
        .write();
  }

  @Test
  void anExpertThatOnePartNeverRoutedToIsThatOfTheOther() throws IOException {
    grams("a", "sum", 10, 4, 1, 1, 8).write();
    grams("b", "sum", 30, 2, 0, 0, 16)
        .matrix("model.layers.0.mlp.experts.1.up_proj.gram", new float[] {3, 0, 0, 3}, 2, 2)
        .tensor("model.layers.0.mlp.experts.1.up_proj.count", DType.I64, count(7), 1)
        .write();
    CommandLineRun add = add().succeeds();

    assertThat(add.out() + add.err())
        .contains("1 module of one set alone are taken as they are: model.layers.0.mlp.experts.1");
    assertThat(
            new Tensors(folder.resolve("out")).values("model.layers.0.mlp.experts.1.up_proj.gram"))
        .containsExactly(3, 0, 0, 3);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "normalised | mean | one holds sums and the other means",
        "layout | conv1d | matrices are stored in different ways",
        "kind | gram_diag | is gram_diag: only statistics of one kind add up",
        "model_sha256 | cd | which is no SHA-256",
      })
  void mixturesAreRefused(String key, String value, String message) throws IOException {
    grams("a", "sum", 10, 4, 1, 1, 8).write();
    grams("b", "sum", 30, 2, -3, -3, 16).metadata(key, value).write();
    refused(message);
  }

  @Test
  void statisticsOfOtherWeightsAreRefused() throws IOException {
    grams("a", "sum", 10, 4, 1, 1, 8).write();
    grams("b", "sum", 30, 2, -3, -3, 16).metadata("model_sha256", "cd".repeat(32)).write();
    refused("do not add up, as they are of different weights");
  }

  @Test
  void otherShapesFormsAndNumbersAreRefused() throws IOException {
    grams("a", "sum", 10, 4, 1, 1, 8).write();
    grams("b", "sum", 30, 2, -3, -3, Float.NaN).write();
    refused("element 3 of " + MODULE + ".gram is NaN");

    ModelFolder.at(folder.resolve("b"))
        .metadata("kind", "gram")
        .metadata("normalised", "sum")
        .floats(MODULE + ".gram_upper", 1, 0, 1)
        .tensor(MODULE + ".count", DType.I64, count(3), 1)
        .write();
    refused("in one form");

    ModelFolder.at(folder.resolve("b"))
        .metadata("kind", "gram")
        .metadata("normalised", "sum")
        .matrix(MODULE + ".gram", new float[9], 3, 3)
        .tensor(MODULE + ".count", DType.I64, count(3), 1)
        .write();
    refused(MODULE + ".gram is [2, 2] in ");
  }

  @Test
  void meansOfUnknownCountAreRefused() throws IOException {
    grams("a", "mean", 10, 4, 1, 1, 8).write();
    ModelFolder.at(folder.resolve("b"))
        .metadata("kind", "gram")
        .metadata("normalised", "mean")
        .matrix(MODULE + ".gram", new float[] {1, 0, 0, 1}, 2, 2)
        .write();
    refused("does not say how many samples " + MODULE + ".gram is a mean of");
  }

  @Test
  void secondMomentsOfAdamAreNoSums() throws IOException {
    for (String name : new String[] {"a", "b"}) {
      ModelFolder.at(folder.resolve(name)).metadata("kind", "exp_avg_sq").floats("w", 1).write();
    }
    refused("`exp_avg_sq` of two sets of examples do not add up; those that do are act_mean_std,");
  }

  @Test
  void oneFileTwiceAndFoldersThatAreTakenAreRefused() throws IOException {
    grams("a", "sum", 10, 4, 1, 1, 8).write();
    grams("b", "sum", 30, 2, 0, 0, 16).write();
    CommandLineRun twice =
        CommandLineRun.of(
            "statistics", "add", folder.resolve("a"), folder.resolve("a"), folder.resolve("out"));
    assertThat(twice.exitCode()).isEqualTo(1);
    assertThat(twice.err()).contains("all its examples would count twice");

    Files.createDirectories(folder.resolve("out"));
    Files.writeString(folder.resolve("out/notes.txt"), "mine");
    CommandLineRun taken = add();
    assertThat(taken.exitCode()).isEqualTo(1);
    assertThat(taken.err()).contains("is not empty");
    assertThat(folder.resolve("out/notes.txt")).hasContent("mine");
  }

  @Test
  void equalNotesAreTold() throws IOException {
    grams("a", "sum", 10, 4, 1, 1, 8)
        .metadata("dataset_note", "all")
        .metadata("dataset_sha256", "1")
        .write();
    grams("b", "sum", 10, 4, 1, 1, 8)
        .metadata("dataset_note", "all")
        .metadata("dataset_sha256", "1")
        .write();
    CommandLineRun add = add().succeeds();
    assertThat(add.out() + add.err()).contains("if they are, these count twice");
  }

  @Test
  void showsWhatTheyAreOf() throws IOException {
    grams("a", "sum", 12_345, 4, 1, 1, 8).write();
    CommandLineRun show = CommandLineRun.of("statistics", "show", folder.resolve("a")).succeeds();

    assertThat(show.out())
        .contains("kind             gram")
        .contains("n_tokens         12345")
        .containsPattern(MODULE + "\\.gram +F32 +\\[2, 2] +12,345")
        .contains("1 statistic; nothing wrong with the numbers that were read");
    CommandLineRun inspect = CommandLineRun.of("inspect", folder.resolve("a")).succeeds();
    assertThat(inspect.out()).contains("Statistics of a model: gram, sums over 2469 examples");
  }

  @Test
  void showsWhatIsWrong() throws IOException {
    grams("a", "sum", 10, -4, 1, 1, 8).write();
    CommandLineRun show = CommandLineRun.of("statistics", "show", folder.resolve("a"));

    assertThat(show.exitCode()).isEqualTo(1);
    assertThat(show.out())
        .contains("Wrong: element 0 of " + MODULE + ".gram is -4.0, but is a sum of squares")
        .contains("a merge would refuse them");
  }

  @Test
  void saysWhatItWants() {
    CommandLineRun nothing = CommandLineRun.of("statistics");
    assertThat(nothing.exitCode()).isEqualTo(2);
    assertThat(nothing.err()).contains("say what to do: add or show");
  }
}
