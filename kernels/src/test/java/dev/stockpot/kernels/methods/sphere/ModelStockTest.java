package dev.stockpot.kernels.methods.sphere;

import static dev.stockpot.kernels.methods.Closeness.assertClose;
import static dev.stockpot.kernels.methods.Closeness.assertSameBits;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.kernels.Samples;
import dev.stockpot.kernels.methods.FineTunes;
import dev.stockpot.kernels.methods.Merging;
import dev.stockpot.kernels.methods.Terms;
import dev.stockpot.kernels.methods.Vectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ModelStockTest {
  static Stream<Merging> onCpu() {
    return Merging.onCpu();
  }

  private static Terms stock(int models, int n) {
    Terms terms = Terms.of("model_stock", n).base();
    for (int m = 0; m < models; m++) {
      terms.model();
    }
    return terms;
  }

  /** The formula, without limits to t. */
  private static double[] formula(float[]... inputs) {
    int models = inputs.length - 1;
    double cosine = 0;
    double[] mean = new double[inputs[0].length];
    for (int i = 1; i <= models; i++) {
      double[] first = Vectors.minus(inputs[i], inputs[0]);
      mean = Vectors.sum(1, mean, 1.0 / models, Vectors.of(inputs[i]));
      for (int j = i + 1; j <= models; j++) {
        double[] second = Vectors.minus(inputs[j], inputs[0]);
        cosine += Vectors.cosine(first, second) * 2.0 / (models * (models - 1.0));
      }
    }
    double t = models * cosine / (1 + (models - 1) * cosine);
    return Vectors.sum(t, mean, 1 - t, Vectors.of(inputs[0]));
  }

  @ParameterizedTest
  @MethodSource("onCpu")
  void followsItsFormula(Merging merging) {
    for (int n : new int[] {17, 1_000, 2_048, 2_049, 4_100}) {
      float[][] inputs = FineTunes.withBase(3, n);
      float[] common = Samples.normal(n, 0.01, 9);
      for (int m = 1; m < inputs.length; m++) {
        inputs[m] = FineTunes.plus(inputs[m], common);
      }

      assertClose(merging.merge(stock(3, n), inputs), formula(inputs));
    }
  }

  @ParameterizedTest
  @MethodSource("onCpu")
  void equalTaskVectorsGiveTheModel(Merging merging) {
    float[][] inputs = FineTunes.withBase(1, 3_000);

    assertClose(
        merging.merge(stock(3, 3_000), inputs[0], inputs[1], inputs[1], inputs[1]),
        Vectors.of(inputs[1]));
  }

  @ParameterizedTest
  @MethodSource("onCpu")
  void orthogonalTaskVectorsGiveTheBase(Merging merging) {
    float[] base = {1, 2, 3, 4};

    assertSameBits(
        merging.merge(stock(2, 4), base, new float[] {2, 2, 3, 4}, new float[] {1, 3, 3, 4}), base);
  }

  @ParameterizedTest
  @MethodSource("onCpu")
  void smallTaskVectorsCountAsLargeOnesDo(Merging merging) {
    float[] base = new float[1_000];
    float[] small = Samples.normal(1_000, 1e-7, 2);

    assertSameBits(merging.merge(stock(2, 1_000), base, small, small), small);
  }

  @ParameterizedTest
  @MethodSource("onCpu")
  void aStepAwayFromModelsThatPointApartIsLimited(Merging merging) {
    float[] base = {10, 20};
    float[] there = {11, 20};
    float[] back = {9, 20.015625f}; // almost opposite: unlimited, t would be some -16,000

    // 10 - (1 - 1), 20 - 0.015625: no task vector is taken away more than once
    assertSameBits(merging.merge(stock(2, 2), base, there, back), new float[] {10, 19.984375f});
    assertSameBits(merging.merge(clamped(), base, there, back), base);
  }

  @ParameterizedTest
  @MethodSource("onCpu")
  void exactlyOppositeTaskVectorsCancel(Merging merging) {
    float[] base = {10, 20};
    float[] there = {11, 20};
    float[] back = {9, 20};

    assertSameBits(merging.merge(stock(2, 2), base, there, back), base);
    assertSameBits(merging.merge(clamped(), base, there, back), base);
  }

  private static Terms clamped() {
    return stock(2, 2).merge("filter_wise", false, "clamp", true);
  }

  @ParameterizedTest
  @MethodSource("onCpu")
  void clampingChangesNothingWhereModelsAgree(Merging merging) {
    float[] base = {10, 20};
    float[] one = {11, 20};
    float[] other = {12, 21};

    assertSameBits(
        merging.merge(clamped(), base, one, other), merging.merge(stock(2, 2), base, one, other));
  }

  @ParameterizedTest
  @MethodSource("onCpu")
  void aTaskVectorOfZerosIsOrthogonal(Merging merging) {
    float[][] inputs = FineTunes.withBase(1, 3_000);

    assertSameBits(merging.merge(stock(2, 3_000), inputs[0], inputs[0], inputs[1]), inputs[0]);
    assertSameBits(merging.merge(stock(2, 3_000), inputs[0], inputs[0], inputs[0]), inputs[0]);
  }

  @ParameterizedTest
  @MethodSource("onCpu")
  void nanStaysVisible(Merging merging) {
    float[][] inputs = FineTunes.withBase(2, 3_000);
    inputs[1][1_234] = Float.NaN;

    assertThat(merging.merge(stock(2, 3_000), inputs)[1_234]).isNaN();
  }

  @Test
  void takesTwoModelsAndABase() {
    assertThatThrownBy(stock(1, 2)::program)
        .hasMessageEndingWith("has 1 models, takes 2 to any number");
    assertThatThrownBy(Terms.of("model_stock", 2).model().model()::program)
        .hasMessage("model_stock has no base model");
  }
}
