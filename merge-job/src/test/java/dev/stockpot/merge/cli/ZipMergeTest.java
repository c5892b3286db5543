package dev.stockpot.merge.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Units of two models that are joined, by the command line. */
class ZipMergeTest extends AlignCases {
  private static final String RECIPE =
      """
      merge_method: linear
      models:
        - model: a
          statistics: {gram: gram-a.safetensors}
          parameters: {weight: 0.5}
        - model: %s
          align: {to: a, by: zipit%s}
          statistics: {gram: gram-%s.safetensors, crossgram: cross-%s.safetensors}
          parameters: {weight: 0.5}
      """;

  private TinyActivations activations;

  private static String zip(String model, String more) {
    return RECIPE.formatted(model, more, model, model);
  }

  @BeforeEach
  void gather() throws IOException {
    activations = new TinyActivations(folder);
    for (String name : new String[] {"a", "moved", "other"}) {
      activations.gram(name, "gram", "gram-%s.safetensors".formatted(name));
      activations.crossgram("a", name, "cross-%s.safetensors".formatted(name), false);
    }
  }

  @Test
  void aModelAndItsPermutedCopyAreTheModel() throws IOException {
    CommandLineRun run = merge(zip("moved", "")).succeeds();
    Tensors a = new Tensors(folder.resolve("a"));
    Tensors out = new Tensors(folder.resolve("out"));
    for (String name : a.checkpoint().tensors().keySet()) {
      assertThat(out.bytes(name)).as(name).isEqualTo(a.bytes(name));
    }
    assertThat(run.out() + run.err()).contains("features of both (share): 1.0000 of hidden.0");
  }

  /** Whether a number is the mean of some of others. */
  private static boolean isMeanOfSome(double number, double[] others) {
    for (int some = 1; some < 1 << others.length; some++) {
      double sum = 0;
      for (int i = 0; i < others.length; i++) {
        sum += (some >> i & 1) * others[i];
      }
      if (Math.abs(sum / Integer.bitCount(some) - number) < 1e-7) {
        return true;
      }
    }
    return false;
  }

  @Test
  void featuresAreMeansOfWhatWasJoinedAndTakenInAsTheirSum() throws IOException {
    merge(zip("other", "")).succeeds();
    double[] a = new Tensors(folder.resolve("a")).values("0.bias");
    double[] b = new Tensors(folder.resolve("other")).values("0.bias");
    double[] both = DoubleStream.concat(Arrays.stream(a), Arrays.stream(b)).toArray();
    for (double feature : new Tensors(folder.resolve("out")).values("0.bias")) {
      assertThat(isMeanOfSome(feature, both)).as("%s of %s", feature, both).isTrue();
      assertThat(isMeanOfSome(feature + 1e-4, both)).isFalse();
    }
    double[] out = new Tensors(folder.resolve("out")).values("2.weight");
    double sum = 0;
    double parts = 0;
    for (int i = 0; i < 5; i++) {
      sum += out[i];
      parts +=
          (new Tensors(folder.resolve("a")).values("2.weight")[i]
                  + new Tensors(folder.resolve("other")).values("2.weight")[i])
              / 2;
    }
    assertThat(sum).isCloseTo(parts, within(1e-5));
  }

  @Test
  void headsMayStayApartBehindTheLastGroup() throws IOException {
    String heads = zip("moved", ", until: hidden.0") + "freeze: [{match: '^2', from: moved}]\n";
    CommandLineRun run = merge(heads).succeeds();
    assertThat(run.out() + run.err())
        .contains("units behind hidden.0 stay apart: `freeze` what has them");
    Tensors moved = new Tensors(folder.resolve("moved"));
    Tensors out = new Tensors(folder.resolve("out"));
    assertThat(out.values("2.weight")).hasSameSizeAs(moved.values("2.weight"));
    double[][] wanted = activations.outputs("moved");
    double[][] found = activations.outputs("out");
    for (int example = 0; example < wanted.length; example++) {
      assertThat(found[example]).containsExactly(wanted[example], within(1e-5));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"tasks=4", "provider=scalar"})
  void theBytesHangOnNoMachine(String setting) throws IOException {
    merge(zip("other", "")).succeeds();
    byte[] whole = Files.readAllBytes(folder.resolve("out/model.safetensors"));
    merge(zip("other", ""), "--set", setting, "--overwrite").succeeds();
    assertThat(Files.readAllBytes(folder.resolve("out/model.safetensors"))).isEqualTo(whole);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "by: zipit | by: zipit, alpha: 0 | `alpha` is 0.0, must be above 0 and at most 1",
        "by: zipit | by: zipit, beta: 2 | `beta` is 2.0, must be from 0 to 1",
        "by: zipit | by: zipit, until: hidden.9 | it has no group hidden.9 to end with; its groups"
            + " are hidden.0",
        "by: zipit | by: zipit, residual: free | `by: zipit` beside `residual: free`",
        "by: zipit | by: activations, alpha: 0.3 | `alpha` is of units that are joined",
        "gram: gram-a.safetensors | gram_diag: x | `by: zipit` needs `gram` of both models",
        "merge_method: linear | merge_method: fisher | fisher reads statistics of units as they were,"
            + " and `by: zipit` joins them",
      })
  void refusesWhatCannotBeJoined(String line, String instead, String told) throws IOException {
    String recipe = zip("moved", "");
    assertThat(recipe).contains(line);
    CommandLineRun run = merge(recipe.replace(line, instead.replaceAll("[{}]", "")));
    assertThat(run.exitCode()).isNotZero();
    assertThat(run.err()).contains(told).doesNotContain("fault of Stockpot", "Exception");
  }

  @Test
  void refusesThreeModelsAndStatisticsThatTellNothing() throws IOException {
    assertThat(merge(zip("moved", "") + "  - {model: other}\n").err())
        .contains("`by: zipit` joins the units of two models, and here are 3");
    ModelFolder.at(folder)
        .metadata("kind", "crossgram")
        .metadata("normalised", "sum")
        .floats("elsewhere.sum_a", 1)
        .write("cross-moved.safetensors");
    assertThat(merge(zip("moved", "")).err())
        .contains("statistics tell nothing of the units of hidden.0, which cannot be joined");
  }
}
