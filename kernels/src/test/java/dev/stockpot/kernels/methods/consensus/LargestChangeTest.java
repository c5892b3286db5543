package dev.stockpot.kernels.methods.consensus;

import static dev.stockpot.kernels.methods.Closeness.assertClose;
import static dev.stockpot.kernels.methods.Closeness.assertSameBits;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.kernels.methods.FineTunes;
import dev.stockpot.kernels.methods.Merging;
import dev.stockpot.kernels.methods.Sizes;
import dev.stockpot.kernels.methods.Terms;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class LargestChangeTest {
  static Stream<Merging> onCpu() {
    return Merging.onCpu();
  }

  static Stream<Arguments> methodsOnCpu() {
    return Stream.of("magmax", "emr")
        .flatMap(method -> onCpu().map(merging -> Arguments.of(method, merging)));
  }

  private static Terms of(String method, int models, int n, double lambda) {
    Terms terms = Terms.of(method, n).base();
    for (int m = 0; m < models; m++) {
      terms.model();
    }
    return terms.merge("lambda", lambda);
  }

  private static double[] formula(String method, double lambda, float[]... inputs) {
    double[] merged = new double[inputs[0].length];
    for (int e = 0; e < merged.length; e++) {
      double sum = 0;
      for (int m = 1; m < inputs.length; m++) {
        sum += (double) inputs[m][e] - inputs[0][e];
      }
      double largest = 0;
      for (int m = 1; m < inputs.length; m++) {
        double change = (double) inputs[m][e] - inputs[0][e];
        boolean agrees = method.equals("magmax") || (sum >= 0 ? change > 0 : change < 0);
        largest = agrees && Math.abs(change) > Math.abs(largest) ? change : largest;
      }
      merged[e] = inputs[0][e] + lambda * largest;
    }
    return merged;
  }

  @ParameterizedTest
  @MethodSource("methodsOnCpu")
  void followsItsFormula(String method, Merging merging) {
    for (int n : Sizes.AROUND_BLOCKS_AND_LANES) {
      float[][] inputs = FineTunes.withBase(3, n);

      assertClose(merging.merge(of(method, 3, n, 1), inputs), formula(method, 1, inputs));
      assertClose(merging.merge(of(method, 3, n, 0.5), inputs), formula(method, 0.5, inputs));
    }
  }

  @ParameterizedTest
  @MethodSource("methodsOnCpu")
  void ofOneModelIsThatModel(String method, Merging merging) {
    float[] base = {1f, -2f, 0.5f, 3f};
    float[] model = {1.5f, -2.25f, 0.5f, -1f}; // differences are exact

    assertSameBits(merging.merge(of(method, 1, 4, 1), base, model), model);
    assertSameBits(merging.merge(of(method, 1, 4, 0), base, model), base);
  }

  @ParameterizedTest
  @MethodSource("methodsOnCpu")
  void modelsEqualToTheBaseGiveTheBase(String method, Merging merging) {
    float[] base = {1f, -2f, 0.5f, 3f};

    assertSameBits(merging.merge(of(method, 2, 4, 1), base, base, base), base);
  }

  @ParameterizedTest
  @MethodSource("onCpu")
  void ofEqualMagnitudesTheFirstModelsCounts(Merging merging) {
    float[] base = {10, 10, 10};
    float[][] inputs = {base, {11, 9, 10}, {9, 11, 12}, {11, 11, 8}};

    assertSameBits(merging.merge(of("magmax", 3, 3, 1), inputs), new float[] {11, 9, 12});
  }

  @ParameterizedTest
  @MethodSource("onCpu")
  void anUndecidedSumIsPositive(Merging merging) {
    assertSameBits(
        merging.merge(of("emr", 2, 1, 1), new float[] {10}, new float[] {8}, new float[] {12}),
        new float[] {12});
  }

  @ParameterizedTest
  @MethodSource("onCpu")
  void theLargestChangeDoesNotCountWhereItDisagrees(Merging merging) {
    float[][] inputs = {{10}, {5}, {13}, {14}}; // -5 + 3 + 4

    assertSameBits(merging.merge(of("magmax", 3, 1, 1), inputs), new float[] {5});
    assertSameBits(merging.merge(of("emr", 3, 1, 1), inputs), new float[] {14});
  }

  @ParameterizedTest
  @MethodSource("methodsOnCpu")
  void nanStaysVisible(String method, Merging merging) {
    float[][] inputs = FineTunes.withBase(3, 100);
    inputs[2][7] = Float.NaN;
    inputs[0][30] = Float.NaN;
    float[] merged = merging.merge(of(method, 3, 100, 0.5), inputs);

    assertThat(merged[7]).isNaN();
    assertThat(merged[30]).isNaN();
    assertThat(merged[8]).isFinite();
  }
}
