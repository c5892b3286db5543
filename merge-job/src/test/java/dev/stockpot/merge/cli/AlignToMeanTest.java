package dev.stockpot.merge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Several models that are matched in turn to the mean of the others, by the command line. */
class AlignToMeanTest extends AlignCases {
  private static final List<String> THREE = List.of("a", "other", "third");

  /** Models that are aligned to the mean, and the weight of each. */
  private static String recipe(List<String> models, List<String> weights, boolean isFirstFixed) {
    StringBuilder recipe = new StringBuilder("merge_method: linear\nmodels:\n");
    for (int i = 0; i < models.size(); i++) {
      recipe.append(
          "  - {model: %s, parameters: {weight: %s}%s}\n"
              .formatted(
                  models.get(i),
                  weights.get(i),
                  i == 0 && isFirstFixed ? "" : ", align: {to: mean}"));
    }
    return recipe.toString();
  }

  @Test
  void twoAlikeAndAPermutedCopyComeTogether() throws IOException {
    write("again", new int[] {0, 1, 2, 3, 4}, 1);
    CommandLineRun run =
        merge(recipe(List.of("a", "again", "moved"), List.of("0.5", "0.25", "0.25"), true))
            .succeeds();
    Tensors a = new Tensors(folder.resolve("a"));
    Tensors out = new Tensors(folder.resolve("out"));
    for (String name : a.checkpoint().tensors().keySet()) {
      assertThat(out.bytes(name)).as(name).isEqualTo(a.bytes(name));
    }
    assertThat(run.out() + run.err())
        .contains("it is matched to the mean of the others, in 2 sweeps")
        .contains(
            "units that moved (share): 0.0000 of hidden.0 of again, 1.0000 of hidden.0 of moved");
  }

  /** Each model as it is aligned: all others have no weight. */
  private List<Tensors> aligned(String... settings) throws IOException {
    List<Tensors> aligned = new ArrayList<>();
    for (int i = 0; i < THREE.size(); i++) {
      List<String> weights = new ArrayList<>(List.of("0", "0", "0"));
      weights.set(i, "1");
      String output = "aligned-%s%s".formatted(i, String.join("", settings).replaceAll("\\W", ""));
      CommandLineRun.merging(folder, output, recipe(THREE, weights, false), settings).succeeds();
      aligned.add(new Tensors(folder.resolve(output)));
    }
    return aligned;
  }

  /** The sum of products of a model's numbers, its units in some order, with the sum of others'. */
  private static double likeness(Tensors one, List<Tensors> others, int[] order)
      throws IOException {
    double sum = 0;
    for (Tensors other : others) {
      for (int place = 0; place < 5; place++) {
        for (int i = 0; i < 3; i++) {
          sum +=
              one.values("0.weight")[3 * order[place] + i]
                  * other.values("0.weight")[3 * place + i];
        }
        sum += one.values("0.bias")[order[place]] * other.values("0.bias")[place];
        for (int i = 0; i < 2; i++) {
          sum +=
              one.values("2.weight")[5 * i + order[place]]
                  * other.values("2.weight")[5 * i + place];
        }
      }
    }
    return sum;
  }

  @Test
  void atTheEndNoModelGainsByMovingAlone() throws IOException {
    write("third", new int[] {4, 3, 2, 1, 0}, 3);
    List<Tensors> aligned = aligned();
    int[] identity = {0, 1, 2, 3, 4};
    for (Tensors one : aligned) {
      List<Tensors> others = new ArrayList<>(aligned);
      others.remove(one);
      double there = likeness(one, others, identity);
      for (int i = 0; i < 5; i++) {
        for (int j = 0; j < i; j++) {
          int[] swapped = identity.clone();
          swapped[i] = j;
          swapped[j] = i;
          assertThat(likeness(one, others, swapped)).isLessThanOrEqualTo(there + 1e-6);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"tasks=4", "provider=scalar"})
  void theBytesHangOnNoMachine(String setting) throws IOException {
    write("third", new int[] {4, 3, 2, 1, 0}, 3);
    String recipe = recipe(THREE, List.of("0.4", "0.3", "0.3"), true);
    merge(recipe).succeeds();
    byte[] whole = Files.readAllBytes(folder.resolve("out/model.safetensors"));
    merge(recipe, "--set", setting, "--overwrite").succeeds();
    assertThat(Files.readAllBytes(folder.resolve("out/model.safetensors"))).isEqualTo(whole);
  }

  @Test
  void planTellsOfItWithoutMatching() throws IOException {
    write("third", new int[] {4, 3, 2, 1, 0}, 3);
    CommandLineRun plan =
        CommandLineRun.of(
            "plan",
            Files.writeString(
                folder.resolve("plan.yml"), recipe(THREE, List.of("1", "1", "1"), true)),
            "--set",
            "model-root=" + folder);
    assertThat(plan.succeeds().out())
        .contains("it is matched to the mean of the others, in a few sweeps");
  }

  /** How two models are aligned, and what is told. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{to: mean} | {to: other} | is aligned to `other` beside others that are aligned to the mean",
        "{to: mean, heads: turned} | {to: mean} | `heads: turned` beside `to: mean`",
        "{to: mean, by: zipit} | {to: mean} | `by: zipit` is of two models",
      })
  void refusesWhatHasNoMean(String one, String other, String told) throws IOException {
    String recipe =
        """
        merge_method: linear
        models:
          - {model: other}
          - {model: a, align: %s}
          - {model: moved, align: %s}
        """;
    CommandLineRun run = merge(recipe.formatted(one, other));
    assertThat(run.exitCode()).isNotZero();
    assertThat(run.err()).contains(told);
  }

  @Test
  void refusesTheMeanOfNoOtherModel() throws IOException {
    String recipe = "merge_method: passthrough\nmodels: [{model: moved, align: {to: mean}}]\n";
    assertThat(merge(recipe).err()).contains("is for two models or more, and there is 1");
  }
}
