package dev.stockpot.kernels.matrix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CholeskyTest {
  /** Around the leaves of 64 columns, and halves of one, two and three of them. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5, 31, 63, 64, 65, 127, 128, 129, 300})
  void factorTimesItsTransposeIsTheMatrix(int n) {
    double[][] gram = gram(n + 7, n, 1);
    try (Algebra algebra = Algebra.lanes();
        CholeskyFactor factor = algebra.matrices().cholesky(algebra.matrix(gram), 0)) {
      double[][] lower = Algebra.rows(factor.lower());
      assertThat(factor.ridge()).isZero();
      assertThat(factor.escalations()).isZero();
      assertThat(Plain.distance(gram, Plain.multiply(lower, Plain.transpose(lower))))
          .isLessThan(1e-14);
      for (int i = 0; i < n; i++) {
        for (int j = i + 1; j < n; j++) {
          assertThat(lower[i][j]).isZero();
        }
      }
    }
  }

  /** Each element is one chain over the columns before, in their order, however it is cut. */
  @ParameterizedTest
  @ValueSource(ints = {7, 65, 200})
  void theFactorIsThatOfPlainLoops(int n) {
    double[][] gram = gram(2 * n, n, 6);
    double[][] expected = new double[n][n];
    for (int j = 0; j < n; j++) {
      for (int i = j; i < n; i++) {
        double sum = gram[i][j];
        for (int p = 0; p < j; p++) {
          sum = Math.fma(-expected[i][p], expected[j][p], sum);
        }
        expected[i][j] = i == j ? Math.sqrt(sum) : sum / expected[j][j];
      }
    }
    try (Algebra algebra = Algebra.lanes()) {
      Matrix lower = algebra.matrices().cholesky(algebra.matrix(gram), 0).lower();
      assertThat(Algebra.rows(lower)).isDeepEqualTo(expected);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 5, 63, 65, 127, 129, 300})
  void rightSidesThatLieAsRowsGiveTheSameBits(int n) {
    try (Algebra algebra = Algebra.lanes()) {
      Matrices matrices = algebra.matrices();
      CholeskyFactor factor = matrices.cholesky(algebra.matrix(gram(2 * n, n, 2)), 0);
      Matrix sides = algebra.matrix(Plain.random(n, 37, 3));
      Matrix turned = algebra.matrix(Plain.transpose(Algebra.rows(sides)));
      double[][] solved = Algebra.rows(matrices.solve(factor, sides));
      matrices.solveInPlace(factor, sides);
      matrices.solveInPlace(factor, turned.transposed());
      assertThat(Algebra.rows(sides)).isDeepEqualTo(solved);
      assertThat(Plain.transpose(Algebra.rows(turned))).isDeepEqualTo(solved);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 5, 63, 65, 127, 129, 300})
  void solvesForSeveralRightSides(int n) {
    double[][] gram = gram(2 * n, n, 2);
    double[][] x = Plain.random(n, 600, 3);
    try (Algebra algebra = Algebra.lanes()) {
      Matrix b = algebra.matrix(Plain.multiply(gram, x));
      CholeskyFactor factor = algebra.matrices().cholesky(algebra.matrix(gram), 0);
      Matrix solved = algebra.matrices().solve(factor, b);
      assertThat(Plain.distance(x, Algebra.rows(solved))).isLessThan(1e-10);
    }
  }

  @Test
  void readsTheLowerHalfOnly() {
    double[][] gram = gram(20, 10, 4);
    double[][] half = gram(20, 10, 4);
    for (int i = 0; i < 10; i++) {
      for (int j = i + 1; j < 10; j++) {
        half[i][j] = 77;
      }
    }
    try (Algebra algebra = Algebra.lanes()) {
      Matrix whole = algebra.matrices().cholesky(algebra.matrix(gram), 0).lower();
      Matrix lower = algebra.matrices().cholesky(algebra.matrix(half), 0).lower();
      assertThat(Algebra.rows(lower)).isDeepEqualTo(Algebra.rows(whole));
    }
  }

  @Test
  void aRidgeIsRelativeToTheMeanOfTheDiagonal() {
    try (Algebra algebra = Algebra.lanes()) {
      Matrix a = algebra.matrix(Plain.diagonal(1, 3));
      CholeskyFactor factor = algebra.matrices().cholesky(a, 0.5);
      assertThat(factor.ridge()).isEqualTo(1);
      assertThat(factor.lower().at(0, 0)).isCloseTo(Math.sqrt(2), within(1e-15));
      assertThat(factor.lower().at(1, 1)).isEqualTo(2);
    }
  }

  @Test
  void fewerExamplesThanFeaturesNeedARidgeThatIsFound() {
    double[][] gram = gram(100, 150, 5);
    try (Algebra algebra = Algebra.lanes()) {
      CholeskyFactor factor = algebra.matrices().cholesky(algebra.matrix(gram), 0);
      assertThat(factor.escalations()).isPositive();
      assertThat(factor.ridge()).isBetween(1e-12 * 90, 1e-9 * 110);
      double[][] ridged = gram(100, 150, 5);
      for (int i = 0; i < 150; i++) {
        ridged[i][i] += factor.ridge();
      }
      double[][] lower = Algebra.rows(factor.lower());
      assertThat(Plain.distance(ridged, Plain.multiply(lower, Plain.transpose(lower))))
          .isLessThan(1e-14);
    }
  }

  @Test
  void aRidgeThatIsAskedForGrowsTenfold() {
    double[][] almost = Plain.diagonal(1, 1, -0.005);
    try (Algebra algebra = Algebra.lanes()) {
      CholeskyFactor factor = algebra.matrices().cholesky(algebra.matrix(almost), 1e-3);
      assertThat(factor.escalations()).isEqualTo(1);
      assertThat(factor.ridge()).isCloseTo(1e-2 * 1.995 / 3, within(1e-15));
    }
  }

  @Test
  void aDeadFeatureIsNoFault() {
    try (Algebra algebra = Algebra.lanes()) {
      Matrix a = algebra.matrix(Plain.diagonal(2, 0, 3));
      CholeskyFactor factor = algebra.matrices().cholesky(a, 1e-6);
      assertThat(factor.escalations()).isZero();
      Matrix x = algebra.matrices().solve(factor, algebra.matrix(new double[][] {{2}, {0}, {3}}));
      assertThat(x.at(1, 0)).isZero();
      assertThat(x.at(0, 0)).isCloseTo(1, within(1e-5));
    }
  }

  @Test
  void refusesWhatIsNoGram() {
    try (Algebra algebra = Algebra.lanes()) {
      Matrices matrices = algebra.matrices();
      Matrix indefinite = algebra.matrix(new double[][] {{1, 9}, {9, 1}});
      Matrix oblong = algebra.matrix(new double[2][3]);
      Matrix zero = algebra.matrix(new double[2][2]);
      Matrix broken = algebra.matrix(new double[][] {{1, 0}, {Double.NaN, 1}});
      Matrix good = algebra.matrix(Plain.identity(2));
      assertThatThrownBy(() -> matrices.cholesky(indefinite, 0))
          .hasMessageStartingWith("Matrix[2 x 2] is far from positive semidefinite");
      assertThatThrownBy(() -> matrices.cholesky(oblong, 0))
          .hasMessage("Matrix[2 x 3] is not square");
      assertThatThrownBy(() -> matrices.cholesky(zero, 0))
          .hasMessage("mean of the diagonal of Matrix[2 x 2] is 0.0, must be above 0");
      assertThatThrownBy(() -> matrices.cholesky(broken, 0))
          .hasMessage("Matrix[2 x 2] holds NaN at row 1, column 0");
      assertThatThrownBy(() -> matrices.cholesky(good, -1))
          .hasMessage("ridge is -1.0, must be from 0 to 1.0 times the mean of the diagonal");
    }
  }

  private static double[][] gram(int examples, int features, long seed) {
    double[][] inputs = Plain.random(examples, features, seed);
    return Plain.multiply(Plain.transpose(inputs), inputs);
  }
}
