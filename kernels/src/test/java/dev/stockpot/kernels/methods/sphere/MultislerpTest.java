package dev.stockpot.kernels.methods.sphere;

import static dev.stockpot.kernels.methods.Closeness.assertClose;
import static dev.stockpot.kernels.methods.Closeness.assertSameBits;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.stockpot.kernels.Samples;
import dev.stockpot.kernels.methods.FineTunes;
import dev.stockpot.kernels.methods.Merging;
import dev.stockpot.kernels.methods.Terms;
import dev.stockpot.kernels.methods.Vectors;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class MultislerpTest {
  private static final double[] WEIGHTS = {0.3, 0.9, 0.5};

  static Stream<Merging> onCpu() {
    return Merging.onCpu();
  }

  private static Terms weighted(int n) {
    return weighted(Terms.of("multislerp", n));
  }

  private static Terms weighted(Terms terms) {
    Arrays.stream(WEIGHTS).forEach(weight -> terms.model("weight", weight));
    return terms;
  }

  /**
   * The published rule with its tangents: logarithms at the mean direction, their mean, its
   * exponential.
   */
  private static double[] published(double[] weights, List<double[]> vectors) {
    double[] mean = new double[vectors.get(0).length];
    double norm = 0;
    for (int i = 0; i < weights.length; i++) {
      double length = Vectors.norm(vectors.get(i));
      mean = Vectors.sum(1, mean, weights[i] / length, vectors.get(i));
      norm += weights[i] * length;
    }
    mean = Vectors.scaled(1 / Vectors.norm(mean), mean);
    double[] tangent = new double[mean.length];
    for (int i = 0; i < weights.length; i++) {
      double[] unit = Vectors.scaled(1 / Vectors.norm(vectors.get(i)), vectors.get(i));
      double[] log = Vectors.sum(1, unit, -Vectors.product(unit, mean), mean);
      tangent = Vectors.sum(1, tangent, weights[i], log);
    }
    double length = Vectors.norm(tangent) + 1e-8;
    double[] point = Vectors.sum(Math.cos(length), mean, Math.sin(length) / length, tangent);
    return Vectors.scaled(norm, point);
  }

  private static double[] normalized() {
    return Vectors.scaled(1 / Arrays.stream(WEIGHTS).sum(), WEIGHTS);
  }

  @ParameterizedTest
  @MethodSource("onCpu")
  void equalsThePublishedRule(Merging merging) {
    for (int n : new int[] {2, 17, 1_000, 2_049}) {
      float[][] models = Arrays.copyOfRange(FineTunes.withBase(3, n), 1, 4);
      List<double[]> vectors = Arrays.stream(models).map(Vectors::of).toList();

      assertClose(merging.merge(weighted(n), models), published(normalized(), vectors));
      assertClose(
          merging.merge(weighted(n).merge("normalize_weights", false), models),
          published(WEIGHTS, vectors));
    }
  }

  @ParameterizedTest
  @MethodSource("onCpu")
  void mergesTaskVectorsWhereThereIsABase(Merging merging) {
    for (int n : new int[] {2, 17, 1_000, 2_049}) {
      float[][] inputs = FineTunes.withBase(3, n);
      List<double[]> taskVectors =
          Stream.of(1, 2, 3).map(m -> Vectors.minus(inputs[m], inputs[0])).toList();
      double[] expected =
          Vectors.sum(1, Vectors.of(inputs[0]), 1, published(normalized(), taskVectors));

      assertClose(merging.merge(weighted(Terms.of("multislerp", n).base()), inputs), expected);
    }
  }

  @ParameterizedTest
  @MethodSource("onCpu")
  void theNormIsTheWeightedMeanOfTheNorms(Merging merging) {
    float[][] models = Arrays.copyOfRange(FineTunes.withBase(3, 3_000), 1, 4);
    double norm = 0;
    for (int m = 0; m < WEIGHTS.length; m++) {
      norm += normalized()[m] * Vectors.norm(Vectors.of(models[m]));
    }

    assertThat(Vectors.norm(Vectors.of(merging.merge(weighted(3_000), models))))
        .isCloseTo(norm, within(1e-6 * norm));
  }

  @ParameterizedTest
  @MethodSource("onCpu")
  void equalModelsGiveThatModel(Merging merging) {
    float[] model = Samples.normal(3_000, 0.05, 1);

    assertClose(merging.merge(weighted(3_000), model, model, model), Vectors.of(model));
    assertSameBits(merging.merge(Terms.of("multislerp", 3_000).model("weight", 0.3), model), model);
  }

  @ParameterizedTest
  @MethodSource("onCpu")
  void modelsEqualToTheBaseGiveTheBase(Merging merging) {
    float[] base = Samples.normal(3_000, 0.05, 1);

    assertSameBits(
        merging.merge(weighted(Terms.of("multislerp", 3_000).base()), base, base, base, base),
        base);
  }

  @ParameterizedTest
  @MethodSource("onCpu")
  void directionsThatCancelGiveThePlainSum(Merging merging) {
    Terms terms = Terms.of("multislerp", 2).model("weight", 1.0).model("weight", 1.0);

    assertSameBits(
        merging.merge(terms, new float[] {3, 6}, new float[] {-1, -2}), new float[] {1, 2});
  }

  @ParameterizedTest
  @MethodSource("onCpu")
  void aZeroVectorHasNoDirection(Merging merging) {
    for (double eps : new double[] {0, 1e-8}) {
      Terms terms =
          Terms.of("multislerp", 2)
              .model("weight", 1.0)
              .model("weight", 1.0)
              .merge("normalize_weights", true, "eps", eps);

      assertClose(merging.merge(terms, new float[2], new float[] {2, 4}), new double[] {1, 2});
    }
  }

  @ParameterizedTest
  @MethodSource("onCpu")
  void nanStaysVisible(Merging merging) {
    float[][] models = FineTunes.withBase(2, 3_000);
    models[1][1_234] = Float.NaN;

    assertThat(merging.merge(weighted(3_000), models)[1_234]).isNaN();
  }

  @Test
  void refusesToDivideByWeightsThatSumToZero() {
    Terms terms = Terms.of("multislerp", 1).model("weight", 1.0).model("weight", -1.0);

    assertThat(new Multislerp().problemWith(terms.build()))
        .hasValue("weights sum to zero; change one, or set normalize_weights: false");
    assertThat(new Multislerp().problemWith(terms.merge("normalize_weights", false).build()))
        .isEmpty();
  }
}
