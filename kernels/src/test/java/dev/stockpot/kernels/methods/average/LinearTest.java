package dev.stockpot.kernels.methods.average;

import static dev.stockpot.kernels.methods.Closeness.assertClose;
import static dev.stockpot.kernels.methods.Closeness.assertSameBits;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.kernels.Samples;
import dev.stockpot.kernels.method.TensorTerms;
import dev.stockpot.kernels.methods.Formulas;
import dev.stockpot.kernels.methods.Merging;
import dev.stockpot.kernels.methods.Sizes;
import dev.stockpot.kernels.methods.Terms;
import dev.stockpot.kernels.number.DType;
import java.util.Arrays;
import java.util.Collections;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LinearTest {
  private static final double[] WEIGHTS = {0.3, -1.7, 2.0};

  static Stream<Merging> onCpu() {
    return Merging.onCpu();
  }

  @ParameterizedTest
  @MethodSource("onCpu")
  void averagesByWeight(Merging merging) {
    for (int n : Sizes.AROUND_BLOCKS_AND_LANES) {
      float[][] models = models(n);
      Terms terms = weighted(n);

      assertClose(merging.merge(terms, models), Formulas.linear(WEIGHTS, true, models));
    }
  }

  @ParameterizedTest
  @MethodSource("onCpu")
  void sumsByWeightWhereNotNormalized(Merging merging) {
    for (int n : Sizes.AROUND_BLOCKS_AND_LANES) {
      float[][] models = models(n);
      Terms terms = weighted(n).merge("normalize", false);

      assertClose(merging.merge(terms, models), Formulas.linear(WEIGHTS, false, models));
    }
  }

  @ParameterizedTest
  @MethodSource("onCpu")
  void theAverageOfEqualModelsIsThatModel(Merging merging) {
    Merging halves = merging.in(DType.BF16);
    float[] model = halves.merge(Terms.of("passthrough", 4_100).model(), negativeZeroAmong(4_100));
    for (int copies = 1; copies <= 4; copies++) {
      assertSameBits(average(halves, copies, model), model);
    }
  }

  @ParameterizedTest
  @MethodSource("onCpu")
  void theAverageOfEqualFloatsIsThatFloatButForTheLastRounding(Merging merging) {
    float[] model = negativeZeroAmong(4_100);
    for (int copies : new int[] {1, 2, 4}) {
      assertSameBits(average(merging, copies, model), model);
    }
    float[] ofThree = average(merging, 3, model);
    for (int e = 0; e < model.length; e++) { // 3x is rounded, then a third of it
      assertThat(ofThree[e]).isBetween(Math.nextDown(model[e]), Math.nextUp(model[e]));
    }
  }

  private static float[] negativeZeroAmong(int n) {
    float[] model = Samples.normal(n, 0.05, 1);
    model[7] = -0f;
    return model;
  }

  private static float[] average(Merging merging, int copies, float... model) {
    Terms terms = Terms.of("linear", model.length);
    for (int i = 0; i < copies; i++) {
      terms.model("weight", 1.0);
    }
    return merging.merge(terms, Collections.nCopies(copies, model).toArray(float[][]::new));
  }

  @ParameterizedTest
  @MethodSource("onCpu")
  void nanAndInfinityStayVisible(Merging merging) {
    float[][] models = models(100);
    models[1][3] = Float.NaN;
    models[2][40] = Float.POSITIVE_INFINITY;
    float[] merged = merging.merge(weighted(100), models);

    assertThat(merged[3]).isNaN();
    assertThat(Float.isInfinite(merged[40])).isTrue();
    assertThat(merged[4]).isFinite();
  }

  @Test
  void refusesToDivideByWeightsThatSumToZero() {
    TensorTerms terms = Terms.of("linear", 1).model("weight", 1.0).model("weight", -1.0).build();

    assertThat(new Linear().problemWith(terms))
        .hasValue("weights sum to zero; change one, or set normalize: false");
  }

  @Test
  void weightsMaySumToZeroWhereNotNormalized() {
    Terms terms = Terms.of("linear", 1).model("weight", 1.0).model("weight", -1.0);

    assertThat(new Linear().problemWith(terms.merge("normalize", false).build())).isEmpty();
  }

  private static float[][] models(int n) {
    return Stream.of(1, 2, 3).map(seed -> Samples.normal(n, 0.05, seed)).toArray(float[][]::new);
  }

  private static Terms weighted(int n) {
    Terms terms = Terms.of("linear", n);
    Arrays.stream(WEIGHTS).forEach(weight -> terms.model("weight", weight));
    return terms;
  }
}
