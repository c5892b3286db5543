package dev.stockpot.kernels.matrix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EigenTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7, 64, 150})
  void vectorsAndValuesMakeTheMatrix(int n) {
    double[][] half = Plain.random(n, n, 1);
    double[][] symmetric = Plain.minus(half, negative(Plain.transpose(half)));
    assertFactors(symmetric);
  }

  @Test
  void negativeAndRepeatedValuesAreFound() {
    double[] values = {5, 5, 3, 0, 0, -1e-9, -2, -5};
    double[][] q = SvdTest.orthogonal(8, 2);
    double[][] a = Plain.multiply(Plain.multiply(q, Plain.diagonal(values)), Plain.transpose(q));
    double[] found = assertFactors(a);
    for (int i = 0; i < 8; i++) {
      assertThat(found[i]).isCloseTo(values[i], within(1e-13));
    }
  }

  @Test
  void aGramOfLowRankHasZeros() {
    double[][] inputs = Plain.random(20, 60, 3);
    double[] found = assertFactors(Plain.multiply(Plain.transpose(inputs), inputs));
    assertThat(found[19]).isGreaterThan(1);
    for (int i = 20; i < 60; i++) {
      assertThat(found[i]).isCloseTo(0, within(1e-11));
    }
  }

  @Test
  void readsTheLowerHalfOnly() {
    try (Algebra algebra = Algebra.lanes()) {
      Matrix whole = algebra.matrix(new double[][] {{2, 1}, {1, 3}});
      Matrix half = algebra.matrix(new double[][] {{2, 99}, {1, 3}});
      assertThat(algebra.matrices().eigen(half).values())
          .isEqualTo(algebra.matrices().eigen(whole).values());
    }
  }

  @Test
  void zeroHasZeros() {
    assertThat(assertFactors(new double[4][4])).containsOnly(0);
  }

  @Test
  void refusesAnOblongOne() {
    try (Algebra algebra = Algebra.lanes()) {
      assertThatThrownBy(() -> algebra.matrices().eigen(algebra.matrices().zeros(2, 3)))
          .hasMessage("Matrix[2 x 3] is not square");
    }
  }

  private static double[] assertFactors(double[][] a) {
    try (Algebra algebra = Algebra.lanes()) {
      Eigen eigen = algebra.matrices().eigen(algebra.matrix(a));
      double[][] v = Algebra.rows(eigen.v());
      assertThat(Plain.skew(v)).isLessThan(1e-12);
      double[][] made =
          Plain.multiply(Plain.multiply(v, Plain.diagonal(eigen.values())), Plain.transpose(v));
      assertThat(Plain.norm(Plain.minus(a, made))).isLessThanOrEqualTo(1e-12 * Plain.norm(a));
      assertThat(eigen.values()).isSortedAccordingTo((x, y) -> Double.compare(y, x));
      return eigen.values();
    }
  }

  private static double[][] negative(double[][] a) {
    return Plain.minus(new double[a.length][a.length], a);
  }
}
