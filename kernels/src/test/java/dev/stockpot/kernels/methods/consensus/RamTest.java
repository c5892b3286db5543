package dev.stockpot.kernels.methods.consensus;

import static dev.stockpot.kernels.methods.Closeness.assertClose;
import static dev.stockpot.kernels.methods.Closeness.assertSameBits;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.kernels.Kernels;
import dev.stockpot.kernels.Samples;
import dev.stockpot.kernels.method.MergeProgram;
import dev.stockpot.kernels.methods.FineTunes;
import dev.stockpot.kernels.methods.Merging;
import dev.stockpot.kernels.methods.Sizes;
import dev.stockpot.kernels.methods.Terms;
import dev.stockpot.kernels.methods.Vectors;
import dev.stockpot.kernels.scalar.ScalarProvider;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class RamTest {
  static Stream<Merging> onCpu() {
    return Merging.onCpu();
  }

  static Stream<Arguments> methodsOnCpu() {
    return Stream.of("ram", "ramplus_tl")
        .flatMap(method -> onCpu().map(merging -> Arguments.of(method, merging)));
  }

  private static Terms ram(int models, int n, double epsilon) {
    return models(Terms.of("ram", n), models).merge("epsilon", epsilon);
  }

  private static Terms ramplus(int models, int n, double epsilon, double r, double alpha) {
    return models(Terms.of("ramplus_tl", n), models)
        .merge("epsilon", epsilon, "r", r, "alpha", alpha);
  }

  private static Terms models(Terms terms, int models) {
    terms.base();
    for (int m = 0; m < models; m++) {
      terms.model();
    }
    return terms;
  }

  private static double[] formula(double epsilon, double r, double alpha, float[]... inputs) {
    int n = inputs[0].length;
    int[] counts = new int[n];
    boolean[][] active = new boolean[inputs.length][n];
    for (int m = 1; m < inputs.length; m++) {
      for (int e = 0; e < n; e++) {
        active[m][e] = Math.abs(inputs[m][e] - inputs[0][e]) > (float) epsilon;
        counts[e] += active[m][e] ? 1 : 0;
      }
    }
    double[] merged = Vectors.of(inputs[0]);
    for (int m = 1; m < inputs.length; m++) {
      double shared = 0;
      double alone = 0;
      for (int e = 0; e < n; e++) {
        shared += active[m][e] && counts[e] > 1 ? 1 : 0;
        alone += active[m][e] && counts[e] == 1 ? 1 : 0;
      }
      double boost = 1 + r * Math.min(alpha, shared / Math.max(alone, epsilon));
      for (int e = 0; e < n; e++) {
        if (active[m][e]) {
          double change = (double) inputs[m][e] - inputs[0][e];
          merged[e] += counts[e] == 1 ? boost * change : change / counts[e];
        }
      }
    }
    return merged;
  }

  @ParameterizedTest
  @MethodSource("onCpu")
  void followsItsFormula(Merging merging) {
    for (int n : Sizes.AROUND_BLOCKS_AND_LANES) {
      float[][] inputs = FineTunes.withBase(3, n);
      for (double epsilon : new double[] {0, 1e-5, 0.008}) {
        assertClose(merging.merge(ram(3, n, epsilon), inputs), formula(epsilon, 0, 0, inputs));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("onCpu")
  void scalesUpWhatAModelChangedAlone(Merging merging) {
    for (int n : Sizes.AROUND_BLOCKS_AND_LANES) {
      float[][] inputs = FineTunes.withBase(3, n);
      for (double alpha : new double[] {0.2, 5}) {
        assertClose(
            merging.merge(ramplus(3, n, 0.008, 0.5, alpha), inputs),
            formula(0.008, 0.5, alpha, inputs));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("onCpu")
  void scaledUpByNothingIsRam(Merging merging) {
    float[][] inputs = FineTunes.withBase(3, 3_000);

    assertSameBits(
        merging.merge(ramplus(3, 3_000, 0.008, 0, 0.2), inputs),
        merging.merge(ram(3, 3_000, 0.008), inputs));
  }

  @ParameterizedTest
  @MethodSource("methodsOnCpu")
  void changesThatDoNotMeetAreAddedUp(String method, Merging merging) {
    float[] base = Samples.normal(3_000, 0.05, 1);
    float[] first = base.clone();
    float[] second = base.clone();
    Arrays.fill(first, 0, 1_000, 0.5f);
    Arrays.fill(second, 2_000, 3_000, -0.5f);
    Terms taskArithmetic =
        Terms.of("task_arithmetic", 3_000).base().model("weight", 1.0).model("weight", 1.0);

    assertSameBits(
        merging.merge(models(Terms.of(method, 3_000), 2), base, first, second),
        merging.merge(taskArithmetic, base, first, second));
  }

  @ParameterizedTest
  @MethodSource("onCpu")
  void aChangeUpToEpsilonIsNone(Merging merging) {
    float[] base = {1, 1, 1, 1};

    assertSameBits(
        merging.merge(ram(1, 4, 0.25), base, new float[] {1.25f, 0.75f, 1.5f, 0.5f}),
        new float[] {1, 1, 1.5f, 0.5f});
  }

  @ParameterizedTest
  @MethodSource("onCpu")
  void aModelThatChangedNothingAloneCountsAsSharingAll(Merging merging) {
    float[] base = {1, 1, 1};
    float[] first = {2, 1, 1};
    float[] second = {2, 3, 1};

    // the second shares as much as it changed alone: 1 + 0.5 · min(0.5, 1 / 1)
    assertSameBits(
        merging.merge(ramplus(2, 3, 1e-5, 0.5, 0.5), base, first, second),
        new float[] {2, 3.5f, 1});
  }

  @ParameterizedTest
  @MethodSource("methodsOnCpu")
  void modelsEqualToTheBaseGiveTheBase(String method, Merging merging) {
    float[] base = Samples.normal(3_000, 0.05, 1);

    assertSameBits(merging.merge(models(Terms.of(method, 3_000), 2), base, base, base), base);
  }

  @ParameterizedTest
  @MethodSource("methodsOnCpu")
  void nanStaysVisible(String method, Merging merging) {
    float[][] inputs = FineTunes.withBase(3, 100);
    inputs[2][7] = Float.NaN;
    inputs[0][30] = Float.NaN;
    float[] merged = merging.merge(models(Terms.of(method, 100), 3), inputs);

    assertThat(merged[7]).isNaN();
    assertThat(merged[30]).isNaN();
    assertThat(merged[8]).isFinite();
  }

  @Test
  void refusesToMergeBeforeItHasCounted() {
    try (Kernels<?> kernels = new ScalarProvider().open()) {
      MergeProgram program = ramplus(1, 4, 0, 1, 1).program();

      assertThatThrownBy(() -> program.open(kernels))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("ramplus_tl opened before its scan");
    }
  }
}
