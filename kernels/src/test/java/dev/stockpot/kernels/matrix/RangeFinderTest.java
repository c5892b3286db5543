package dev.stockpot.kernels.matrix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.stockpot.kernels.random.RandomStream;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RangeFinderTest {
  private static final RandomStream DRAWS = new RandomStream(7);

  @ParameterizedTest
  @CsvSource({"200, 150, 8", "150, 200, 8", "400, 100, 1", "50, 40, 20", "30, 30, 30"})
  void findsTheLargestWhereTheyFallOff(int rows, int columns, int rank) {
    double[][] a = Plain.random(rows, columns, 1);
    for (double[] row : a) {
      for (int j = 0; j < columns; j++) {
        row[j] *= Math.pow(0.7, j);
      }
    }
    try (Algebra algebra = Algebra.lanes()) {
      Matrix matrix = algebra.matrix(a);
      Svd all = algebra.matrices().svd(matrix);
      Svd found = algebra.matrices().largest(matrix, rank, DRAWS);
      for (int i = 0; i < rank; i++) {
        assertThat(found.values()[i]).isCloseTo(all.values()[i], within(1e-12 * all.values()[0]));
      }
      assertThat(Plain.skew(Algebra.rows(found.u()))).isLessThan(1e-12);
      assertThat(Plain.skew(Algebra.rows(found.v()))).isLessThan(1e-12);
      double best = tail(all.values(), rank);
      assertThat(error(a, found)).isLessThanOrEqualTo(best + 1e-12 * all.values()[0]);
    }
  }

  @Test
  void ofEqualValuesItCatchesAsMuchAsAnyOther() {
    double[][] a = Plain.random(300, 300, 2);
    try (Algebra algebra = Algebra.lanes()) {
      Matrix matrix = algebra.matrix(a);
      double best = tail(algebra.matrices().svd(matrix).values(), 16);
      double error = error(a, algebra.matrices().largest(matrix, 16, DRAWS));
      assertThat(error).isBetween(best * (1 - 1e-12), best * 1.001);
    }
  }

  /** What rounding leaves of equal columns shrinks with each of them, until squares underflow. */
  @ParameterizedTest
  @CsvSource({"200, 300, 1", "200, 300, 32", "300, 200, 8", "1500, 90, 16"})
  void aMatrixOfEqualElementsHasOneValue(int rows, int columns, int rank) {
    for (double element : new double[] {1, 0.37, -1e-3}) {
      double[][] a = new double[rows][columns];
      for (double[] row : a) {
        Arrays.fill(row, element);
      }
      try (Algebra algebra = Algebra.lanes()) {
        Svd found = algebra.matrices().largest(algebra.matrix(a), rank, DRAWS);
        double value = Math.abs(element) * Math.sqrt((double) rows * columns);
        assertThat(found.values()[0]).isCloseTo(value, within(1e-12 * value));
        for (int i = 1; i < rank; i++) {
          assertThat(found.values()[i]).isLessThan(1e-12 * value);
        }
        assertThat(Plain.skew(Algebra.rows(found.u()))).isLessThan(1e-12);
        assertThat(Plain.skew(Algebra.rows(found.v()))).isLessThan(1e-12);
        assertThat(error(a, found)).isLessThan(1e-12 * value);
      }
    }
  }

  @Test
  void aMatrixOfThatRankIsFoundExactly() {
    double[][] a = Plain.multiply(Plain.random(120, 5, 3), Plain.random(5, 150, 4));
    try (Algebra algebra = Algebra.lanes()) {
      Svd found = algebra.matrices().largest(algebra.matrix(a), 9, DRAWS);
      assertThat(error(a, found)).isLessThan(1e-12 * found.values()[0]);
      assertThat(found.values()[5]).isLessThan(1e-12 * found.values()[0]);
    }
  }

  @Test
  void theSameDrawsGiveTheSameBitsWithPlainLoopsAndThreads() {
    double[][] a = Plain.random(150, 170, 5);
    try (Algebra plain = new Algebra(Algebra.SCALAR, 2, Algebra.ODD);
        Algebra lanes = Algebra.lanes()) {
      Svd expected = plain.matrices().largest(plain.matrix(a), 6, DRAWS);
      Svd found = lanes.matrices().largest(lanes.matrix(a), 6, DRAWS);
      assertThat(found.values()).isEqualTo(expected.values());
      assertThat(Algebra.rows(found.left())).isDeepEqualTo(Algebra.rows(expected.left()));
      assertThat(Algebra.rows(found.right())).isDeepEqualTo(Algebra.rows(expected.right()));
    }
  }

  @Test
  void zeroHasZeros() {
    try (Algebra algebra = Algebra.lanes()) {
      Svd found = algebra.matrices().largest(algebra.matrices().zeros(100, 90), 2, DRAWS);
      assertThat(found.values()).containsOnly(0);
    }
  }

  @Test
  void refusesARankThatThereIsNot() {
    try (Algebra algebra = Algebra.lanes()) {
      Matrix a = algebra.matrices().zeros(4, 3);
      assertThatThrownBy(() -> algebra.matrices().largest(a, 4, DRAWS))
          .hasMessage("rank is 4, must be 1 to 3");
      assertThatThrownBy(() -> algebra.matrices().largest(a, 0, DRAWS))
          .hasMessage("rank is 0, must be 1 to 3");
    }
  }

  private static double tail(double[] values, int rank) {
    double sum = 0;
    for (double value : Arrays.copyOfRange(values, rank, values.length)) {
      sum += value * value;
    }
    return Math.sqrt(sum);
  }

  private static double error(double[][] a, Svd svd) {
    double[][] made =
        Plain.multiply(
            Plain.multiply(Algebra.rows(svd.u()), Plain.diagonal(svd.values())),
            Algebra.rows(svd.right()));
    return Plain.norm(Plain.minus(a, made));
  }
}
