package dev.stockpot.kernels.methods.sphere;

import static dev.stockpot.kernels.methods.Closeness.assertClose;
import static dev.stockpot.kernels.methods.Closeness.assertSameBits;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.kernels.Samples;
import dev.stockpot.kernels.methods.FineTunes;
import dev.stockpot.kernels.methods.Merging;
import dev.stockpot.kernels.methods.Sizes;
import dev.stockpot.kernels.methods.Terms;
import dev.stockpot.kernels.methods.Vectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class NuslerpTest {
  static Stream<Merging> onCpu() {
    return Merging.onCpu();
  }

  private static Terms weighted(int n, double first, double second) {
    return Terms.of("nuslerp", n).model("weight", first).model("weight", second);
  }

  private static Terms onBase(int n, double first, double second) {
    return Terms.of("nuslerp", n).base().model("weight", first).model("weight", second);
  }

  @ParameterizedTest
  @MethodSource("onCpu")
  void followsTheArcBetweenTheModels(Merging merging) {
    for (int n : Sizes.AROUND_BLOCKS_AND_LANES) {
      float[] a = Samples.normal(n, 0.05, 1);
      float[] b = Samples.normal(n, 0.02, 2);
      if (n > 1) { // two numbers are parallel or opposite
        assertClose(
            merging.merge(weighted(n, 0.3, 0.9), a, b),
            Vectors.slerp(0.75, Vectors.of(a), Vectors.of(b)));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("onCpu")
  void followsTheArcBetweenTaskVectorsWhereThereIsABase(Merging merging) {
    for (int n : Sizes.AROUND_BLOCKS_AND_LANES) {
      float[][] inputs = FineTunes.withBase(2, n);
      double[] first = Vectors.minus(inputs[1], inputs[0]);
      double[] second = Vectors.minus(inputs[2], inputs[0]);
      if (n > 1) {
        assertClose(
            merging.merge(onBase(n, 3, 1), inputs),
            Vectors.sum(1, Vectors.of(inputs[0]), 1, Vectors.slerp(0.25, first, second)));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("onCpu")
  void aWeightOfZeroGivesTheOtherModel(Merging merging) {
    float[] a = Samples.normal(3_000, 0.05, 1);
    float[] b = Samples.normal(3_000, 0.05, 2);

    assertSameBits(merging.merge(weighted(3_000, 1, 0), a, b), a);
    assertSameBits(merging.merge(weighted(3_000, 0, 1), a, b), b);
  }

  @ParameterizedTest
  @MethodSource("onCpu")
  void weightsThatSumToZeroCountAsEqual(Merging merging) {
    float[] a = Samples.normal(3_000, 0.05, 1);
    float[] b = Samples.normal(3_000, 0.05, 2);

    assertSameBits(
        merging.merge(weighted(3_000, 1, -1), a, b), merging.merge(weighted(3_000, 1, 1), a, b));
  }

  @ParameterizedTest
  @MethodSource("onCpu")
  void takesALineBetweenParallelAndOppositeModels(Merging merging) {
    float[] a = {1, 2};

    assertClose(merging.merge(weighted(2, 1, 3), a, new float[] {2, 4}), new double[] {1.75, 3.5});
    assertSameBits(
        merging.merge(weighted(2, 3, 1), a, new float[] {-1, -2}), new float[] {0.5f, 1});
  }

  @ParameterizedTest
  @MethodSource("onCpu")
  void almostParallelModelsGiveWhatLiesBetweenThem(Merging merging) {
    float[] a = Samples.normal(3_000, 0.05, 1);
    float[] b = a.clone();
    b[17] = Math.nextUp(b[17]);

    assertClose(merging.merge(weighted(3_000, 1, 1), a, b), Vectors.of(a));
  }

  @ParameterizedTest
  @MethodSource("onCpu")
  void modelsEqualToTheBaseGiveTheBase(Merging merging) {
    float[] base = Samples.normal(3_000, 0.05, 1);

    assertSameBits(merging.merge(onBase(3_000, 1, 1), base, base, base), base);
  }

  @ParameterizedTest
  @MethodSource("onCpu")
  void nanStaysVisible(Merging merging) {
    float[][] inputs = FineTunes.withBase(2, 3_000);
    inputs[2][1_234] = Float.NaN;

    assertThat(merging.merge(onBase(3_000, 1, 1), inputs)[1_234]).isNaN();
    assertThat(merging.merge(weighted(3_000, 1, 1), inputs[1], inputs[2])[1_234]).isNaN();
  }
}
