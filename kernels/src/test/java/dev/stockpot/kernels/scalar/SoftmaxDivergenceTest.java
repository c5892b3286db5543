package dev.stockpot.kernels.scalar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.stockpot.kernels.Samples;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Kullback-Leibler divergences of softmaxes, beside the formula as it is written. */
class SoftmaxDivergenceTest {
  private static double of(float[] a, float... b) {
    return new SoftmaxDivergence().of(a, b, a.length);
  }

  private static double[] softmax(float... row) {
    double sum = 0;
    for (float x : row) {
      sum += Math.exp(x);
    }
    double[] made = new double[row.length];
    for (int i = 0; i < row.length; i++) {
      made[i] = Math.exp(row[i]) / sum + SoftmaxDivergence.LEAST_PROBABILITY;
    }
    return made;
  }

  private static double plainly(float[] a, float... b) {
    double[] p = softmax(a);
    double[] q = softmax(b);
    double sum = 0;
    for (int i = 0; i < p.length; i++) {
      sum += p[i] * Math.log(p[i] / q[i]);
    }
    return sum;
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 15, 16, 17, 1_000})
  void areThoseOfTheFormula(int count) {
    float[] a = Samples.normal(count, 2, 1);
    float[] b = Samples.normal(count, 2, 2);

    assertThat(of(a, b)).isCloseTo(plainly(a, b), within(1e-12)).isPositive();
    assertThat(of(b, a)).isCloseTo(plainly(b, a), within(1e-12)).isNotEqualTo(of(a, b));
  }

  @Test
  void equalRowsAndShiftedOnesAreAtNoDistance() {
    float[] row = {1, 2, 0.5f};
    float[] shifted = {101, 102, 100.5f};

    assertThat(of(row, row)).isZero();
    assertThat(of(row, shifted)).isZero();
    assertThat(of(new float[] {7}, -3)).isZero();
  }

  @Test
  void numbersWhoseExponentialsAreInfiniteAreTakenFromTheLargest() {
    float[] a = {1e30f, 0};
    float[] b = {0, 1e30f};
    double least = SoftmaxDivergence.LEAST_PROBABILITY;

    assertThat(of(a, b))
        .isCloseTo(
            (1 + least) * Math.log((1 + least) / least) + least * Math.log(least / (1 + least)),
            within(1e-9));
  }

  @Test
  void whatHoldsNanOrInfinityHasNone() {
    float[] fine = {1, 2};

    assertThat(of(new float[] {1, Float.NaN}, fine)).isNaN();
    assertThat(of(fine, Float.NaN, 2)).isNaN();
    assertThat(of(fine, Float.POSITIVE_INFINITY, 2)).isNaN();
    assertThat(of(fine, Float.NEGATIVE_INFINITY, Float.NEGATIVE_INFINITY)).isNaN();
    assertThat(of(fine, Float.NEGATIVE_INFINITY, 2)).isFinite().isPositive(); // one of them is 0
  }

  @Test
  void onlyTheRowCounts() {
    float[] a = {1, 2, 99};
    float[] b = {2, 1, -99};

    assertThat(new SoftmaxDivergence().of(a, b, 2)).isEqualTo(of(new float[] {1, 2}, 2, 1));
  }

  @Test
  void longerRowsMayFollowShorterOnes() {
    SoftmaxDivergence divergence = new SoftmaxDivergence();
    float[] a = Samples.normal(100, 1, 1);
    float[] b = Samples.normal(100, 1, 2);
    divergence.of(new float[] {1}, new float[] {2}, 1);

    assertThat(divergence.of(a, b, 100)).isEqualTo(of(a, b));
  }
}
