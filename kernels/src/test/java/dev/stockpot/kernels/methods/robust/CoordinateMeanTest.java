package dev.stockpot.kernels.methods.robust;

import static dev.stockpot.kernels.methods.Closeness.assertClose;
import static dev.stockpot.kernels.methods.Closeness.assertSameBits;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.kernels.Samples;
import dev.stockpot.kernels.methods.Merging;
import dev.stockpot.kernels.methods.Sizes;
import dev.stockpot.kernels.methods.Terms;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CoordinateMeanTest {
  static Stream<Merging> onCpu() {
    return Merging.onCpu();
  }

  private static Terms median(int models, int n) {
    return models(Terms.of("median", n), models);
  }

  private static Terms trimmed(double trim, int models, int n) {
    return models(Terms.of("trimmed_mean", n), models).merge("trim", trim);
  }

  private static Terms models(Terms terms, int models) {
    for (int m = 0; m < models; m++) {
      terms.model();
    }
    return terms;
  }

  private static float[][] samples(int models, int n) {
    return IntStream.range(0, models)
        .mapToObj(m -> Samples.normal(n, 0.05, m))
        .toArray(float[][]::new);
  }

  /** By a sort of the values of each element. */
  private static double[] meanWithout(int ends, float[]... models) {
    double[] mean = new double[models[0].length];
    for (int e = 0; e < mean.length; e++) {
      int element = e;
      double[] sorted =
          Arrays.stream(models).mapToDouble(model -> model[element]).sorted().toArray();
      mean[e] = Arrays.stream(sorted, ends, models.length - ends).average().orElseThrow();
    }
    return mean;
  }

  @ParameterizedTest
  @MethodSource("onCpu")
  void theMedianIsTheMiddleOfASort(Merging merging) {
    for (int models = 1; models <= 11; models++) {
      float[][] inputs = samples(models, 2_100);

      assertClose(
          merging.merge(median(models, 2_100), inputs), meanWithout((models - 1) / 2, inputs));
    }
  }

  @ParameterizedTest
  @MethodSource("onCpu")
  void theTrimmedMeanLeavesOutBothEndsOfASort(Merging merging) {
    for (int n : Sizes.AROUND_BLOCKS_AND_LANES) {
      float[][] inputs = samples(10, n);

      assertClose(merging.merge(trimmed(0, 10, n), inputs), meanWithout(0, inputs));
      assertClose(merging.merge(trimmed(0.19, 10, n), inputs), meanWithout(1, inputs));
      assertClose(merging.merge(trimmed(0.3, 10, n), inputs), meanWithout(3, inputs));
      assertClose(merging.merge(trimmed(0.5, 10, n), inputs), meanWithout(4, inputs));
    }
  }

  @ParameterizedTest
  @MethodSource("onCpu")
  void aShareThatIsAWholeNumberOfModelsIsLeftOutWhole(Merging merging) {
    float[][] inputs = samples(100, 20);

    assertClose(merging.merge(trimmed(0.29, 100, 20), inputs), meanWithout(29, inputs));
  }

  @ParameterizedTest
  @MethodSource("onCpu")
  void trimmingHalfIsTheMedian(Merging merging) {
    for (int models : new int[] {1, 2, 5, 6}) {
      float[][] inputs = samples(models, 3_000);

      assertSameBits(
          merging.merge(trimmed(0.5, models, 3_000), inputs),
          merging.merge(median(models, 3_000), inputs));
    }
  }

  @ParameterizedTest
  @MethodSource("onCpu")
  void theMedianOfTwoIsTheirMean(Merging merging) {
    float[][] inputs = samples(2, 3_000);

    assertSameBits(
        merging.merge(median(2, 3_000), inputs),
        merging.merge(models(Terms.of("uniform_soup", 3_000), 2), inputs));
  }

  @ParameterizedTest
  @MethodSource("onCpu")
  void theOrderOfModelsDoesNotMatterToTheBit(Merging merging) {
    List<float[]> inputs = Arrays.asList(samples(7, 3_000));
    float[] median = merging.merge(median(7, 3_000), inputs.toArray(float[][]::new));
    float[] trimmed = merging.merge(trimmed(0.15, 7, 3_000), inputs.toArray(float[][]::new));
    Collections.rotate(inputs, 3);
    Collections.swap(inputs, 0, 5);
    float[][] shuffled = inputs.toArray(float[][]::new);

    assertSameBits(merging.merge(median(7, 3_000), shuffled), median);
    assertSameBits(merging.merge(trimmed(0.15, 7, 3_000), shuffled), trimmed);
  }

  @ParameterizedTest
  @MethodSource("onCpu")
  void aFewHostileModelsDoNotMoveTheMiddle(Merging merging) {
    float[][] inputs = samples(5, 100);
    Arrays.fill(inputs[1], Float.POSITIVE_INFINITY);
    Arrays.fill(inputs[4], -1e30f);

    for (float value : merging.merge(median(5, 100), inputs)) {
      assertThat(Math.abs(value)).isLessThan(1);
    }
    for (float value : merging.merge(trimmed(0.2, 5, 100), inputs)) {
      assertThat(Math.abs(value)).isLessThan(1);
    }
  }

  @ParameterizedTest
  @MethodSource("onCpu")
  void nanStaysVisibleWhicheverModelItIsIn(Merging merging) {
    for (int models = 1; models <= 9; models++) {
      for (int broken = 0; broken < models; broken++) {
        float[][] inputs = samples(models, 20);
        inputs[broken][3] = Float.NaN;

        assertThat(merging.merge(median(models, 20), inputs)[3]).isNaN();
        assertThat(merging.merge(trimmed(0.2, models, 20), inputs)[3]).isNaN();
        assertThat(merging.merge(median(models, 20), inputs)[4]).isFinite();
      }
    }
  }
}
