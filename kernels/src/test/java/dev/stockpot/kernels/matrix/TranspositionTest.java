package dev.stockpot.kernels.matrix;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows become columns, and triangles symmetric. */
class TranspositionTest {
  @ParameterizedTest
  @CsvSource({"1, 1", "1, 200", "64, 64", "65, 63", "130, 7", "200, 129"})
  void copiesOfTransposesAreTransposed(int rows, int columns) {
    double[][] a = Plain.random(rows, columns, 1);
    try (Algebra algebra = Algebra.lanes()) {
      Matrix matrix = algebra.matrix(a);
      Matrix copy = algebra.matrices().copy(matrix.transposed());
      assertThat(Algebra.rows(copy)).isDeepEqualTo(Plain.transpose(a));
      Matrix into = algebra.matrices().zeros(columns, rows);
      Sums.copy(matrix, into.transposed());
      assertThat(Algebra.rows(into)).isDeepEqualTo(Plain.transpose(a));
      Matrix same = algebra.matrices().zeros(rows, columns);
      Sums.copy(into.transposed(), same.transposed().transposed());
      assertThat(Algebra.rows(same)).isDeepEqualTo(a);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 63, 64, 65, 200})
  void whatIsAboveTheDiagonalIsThatBelow(int order) {
    double[][] a = Plain.random(order, order, 2);
    try (Algebra algebra = Algebra.lanes()) {
      Matrix matrix = algebra.matrix(a);
      Transposition.mirror(matrix);
      for (int i = 0; i < order; i++) {
        for (int j = 0; j < order; j++) {
          assertThat(matrix.at(i, j)).isEqualTo(a[Math.max(i, j)][Math.min(i, j)]);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 70})
  void windowsLeaveWhatIsBesideThem(int order) {
    try (Algebra algebra = Algebra.lanes()) {
      Matrix matrix = algebra.matrices().zeros(order + 2, order + 3);
      Matrix window = matrix.window(1, 2, order, order);
      Sums.copy(algebra.random(order, order, 3), window);
      Transposition.mirror(window);
      assertThat(window.at(0, order - 1)).isEqualTo(window.at(order - 1, 0)).isNotZero();
      for (int i = 0; i < order + 2; i++) {
        assertThat(matrix.at(i, 0)).isZero();
        assertThat(matrix.at(i, order + 2)).isZero();
      }
    }
  }
}
