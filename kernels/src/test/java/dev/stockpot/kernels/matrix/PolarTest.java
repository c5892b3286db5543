package dev.stockpot.kernels.matrix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PolarTest {
  @ParameterizedTest
  @CsvSource({"1, 1", "5, 5", "60, 60", "90, 40", "40, 90"})
  void isTheProductOfTheSingularVectors(int rows, int columns) {
    double[][] a = Plain.random(rows, columns, 1);
    try (Algebra algebra = Algebra.lanes()) {
      Svd svd = algebra.matrices().svd(algebra.matrix(a));
      double[][] expected = Plain.multiply(Algebra.rows(svd.u()), Algebra.rows(svd.right()));
      Matrix polar = algebra.matrices().polar(algebra.matrix(a));
      assertThat(Plain.distance(expected, Algebra.rows(polar))).isLessThan(1e-11);
    }
  }

  @Test
  void theInnerProductWithItIsTheSumOfTheSingularValues() {
    try (Algebra algebra = Algebra.lanes()) {
      Matrix a = algebra.random(30, 50, 2);
      double sum = 0;
      for (double value : algebra.matrices().svd(a).values()) {
        sum += value;
      }
      double nuclear = algebra.matrices().inner(algebra.matrices().polar(a), a);
      assertThat(nuclear).isCloseTo(sum, within(1e-10 * sum));
    }
  }

  @Test
  void ofAScaledOrthogonalMatrixIsThatMatrix() {
    double[][] q = SvdTest.orthogonal(40, 3);
    double[][] scaled = Plain.multiply(Plain.diagonal(filled(40, 0.003)), q);
    try (Algebra algebra = Algebra.lanes()) {
      Matrix polar = algebra.matrices().polar(algebra.matrix(scaled));
      assertThat(Plain.distance(q, Algebra.rows(polar))).isLessThan(1e-13);
    }
  }

  @Test
  void directionsThatAMatrixLacksStaySmall() {
    double[][] left = Plain.random(50, 6, 4);
    double[][] right = Plain.random(6, 50, 5);
    try (Algebra algebra = Algebra.lanes()) {
      Matrix a = algebra.matrix(Plain.multiply(left, right));
      double[] values = algebra.matrices().svd(algebra.matrices().polar(a)).values();
      for (int i = 0; i < 50; i++) {
        assertThat(values[i]).isCloseTo(i < 6 ? 1 : 0, within(1e-9));
      }
    }
  }

  @Test
  void smallDirectionsOfItsOwnCountInFull() {
    double[] values = filled(30, 1);
    values[29] = 1e-5;
    double[][] a = Plain.multiply(SvdTest.orthogonal(30, 6), Plain.diagonal(values));
    try (Algebra algebra = Algebra.lanes()) {
      Matrix polar = algebra.matrices().polar(algebra.matrix(a));
      assertThat(Plain.skew(Algebra.rows(polar))).isLessThan(1e-9);
    }
  }

  @Test
  void ofZeroIsZero() {
    try (Algebra algebra = Algebra.lanes()) {
      Matrix polar = algebra.matrices().polar(algebra.matrices().zeros(3, 4));
      assertThat(Algebra.rows(polar)).isDeepEqualTo(new double[3][4]);
    }
  }

  @Test
  void refusesInfinity() {
    try (Algebra algebra = Algebra.lanes()) {
      Matrix a = algebra.matrix(new double[][] {{Double.NEGATIVE_INFINITY}});
      assertThatThrownBy(() -> algebra.matrices().polar(a))
          .hasMessage("Matrix[1 x 1] holds -Infinity at row 0, column 0");
    }
  }

  private static double[] filled(int count, double value) {
    double[] values = new double[count];
    Arrays.fill(values, value);
    return values;
  }
}
