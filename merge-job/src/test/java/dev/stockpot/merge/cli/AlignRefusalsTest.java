package dev.stockpot.merge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.kernels.number.DType;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What cannot be aligned, by the command line. */
class AlignRefusalsTest extends AlignCases {
  /** What is written instead of the alignment, and what is told. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "moved | {residual: free} | `align` has no `to`",
        "moved | {to: moved} | `moved` is aligned to itself",
        "moved | {to: a, residual: loose} | `residual` is loose, must be one of `fixed`, `free`",
        "moved | {to: a, tu: b} | `tu`",
        "moved | {to: a, heads: loose} | `heads` is loose, must be one of `permuted`, `turned`",
        "moved | {to: a, heads: turned} | it has no heads that could be turned",
        "moved | {to: a, heads: turned, residual: free} | `heads: turned` beside `residual: free`",
        "moved | a | `align` must be a mapping",
        "moved | {to: nowhere} | nowhere",
        "moved | {to: a, spec: nowhere.yml} | nowhere.yml",
        "moved | {to: 'a*'} | name one model",
        "small | {to: a} | small cannot be aligned to a: hidden.0 has [4] units, and the other's"
            + " [5]",
        "odd | {to: a} | odd: nothing tells which units may change places",
        "coded | {to: a} | only numbers can be compared",
        "nan | {to: a} | nan"
      })
  void refusesWhatCannotBeAligned(String model, String align, String told) throws IOException {
    ModelFolder.at(folder.resolve("small"))
        .filled("0.weight", 1, 4, 3)
        .filled("0.bias", 1, 4)
        .filled("2.weight", 1, 2, 4)
        .filled("2.bias", 1, 2)
        .write();
    ModelFolder.at(folder.resolve("odd")).filled("what", 1, 4, 3).write();
    ModelFolder.at(folder.resolve("coded"))
        .tensor("0.weight", DType.I8, new byte[15], 5, 3)
        .filled("0.bias", 1, 5)
        .filled("2.weight", 1, 2, 5)
        .filled("2.bias", 1, 2)
        .write();
    ModelFolder.at(folder.resolve("nan"))
        .filled("0.weight", Float.NaN, 5, 3)
        .filled("0.bias", 1, 5)
        .filled("2.weight", 1, 2, 5)
        .filled("2.bias", 1, 2)
        .write();
    CommandLineRun run = merge(average(model, align));
    assertThat(run.exitCode()).isNotZero();
    assertThat(run.err()).contains(told).doesNotContain("fault of Stockpot", "Exception");
    assertThat(folder.resolve("out")).doesNotExist();
  }

  @Test
  void refusesAChainOfAlignmentsAndAnAlignedBase() throws IOException {
    String chain =
        """
        merge_method: linear
        models:
          - {model: a}
          - {model: moved, align: {to: a}}
          - {model: other, align: {to: moved}}
        """;
    assertThat(merge(chain).err())
        .contains("`other` is aligned to `moved`, which is aligned itself");
    String base =
        """
        merge_method: task_arithmetic
        base_model: a
        models:
          - {model: a, align: {to: moved}}
          - {model: moved}
        """;
    assertThat(merge(base).err()).contains("`a` is the base model, which stays as it is");
  }

  @Test
  void twoAlignmentsOfOneModelMustAgree() throws IOException {
    String slices =
        """
        merge_method: linear
        slices:
          - sources: [{model: a, layer_range: [0, 1]}, {model: moved, layer_range: [0, 1], align: {to: a}}]
          - sources: [{model: a, layer_range: [1, 2]}, {model: moved, layer_range: [1, 2]}]
        """;
    assertThat(merge(slices).err()).contains("`moved` is aligned otherwise than in line");
  }

  @Test
  void optionsThatMeanNothingTogetherAreRefused() {
    for (List<String> words :
        List.of(List.of("--spec", "x"), List.of("--permutations", "--json"))) {
      Object[] all = new Object[words.size() + 2];
      all[0] = "inspect";
      all[1] = folder.resolve("a");
      for (int i = 0; i < words.size(); i++) {
        all[2 + i] = words.get(i);
      }
      assertThat(CommandLineRun.of(all).exitCode()).isEqualTo(2);
    }
  }
}
