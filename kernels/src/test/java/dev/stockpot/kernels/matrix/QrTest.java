package dev.stockpot.kernels.matrix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QrTest {
  /** Around leaves of 32 and panels of 128 columns, and bands of 1024 rows. */
  @ParameterizedTest
  @CsvSource({
    "1, 1",
    "5, 1",
    "1, 5",
    "32, 32",
    "33, 33",
    "40, 90",
    "127, 128",
    "129, 129",
    "300, 200",
    "2048, 3",
    "2500, 40",
    "5000, 20"
  })
  void factorsAreOrthonormalAndTriangular(int rows, int columns) {
    double[][] a = Plain.random(rows, columns, 1);
    try (Algebra algebra = Algebra.lanes();
        Qr qr = algebra.matrices().qr(algebra.matrix(a))) {
      double[][] q = Algebra.rows(qr.q());
      double[][] r = Algebra.rows(qr.r());
      assertThat(q[0]).hasSize(Math.min(rows, columns));
      assertThat(Plain.skew(q)).isLessThan(1e-13);
      assertThat(Plain.distance(a, Plain.multiply(q, r))).isLessThan(1e-14);
      for (int i = 0; i < r.length; i++) {
        for (int j = 0; j < Math.min(i, columns); j++) {
          assertThat(r[i][j]).isZero();
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"200, 48", "60, 60", "1300, 100", "5000, 20"})
  void columnsThatAreAllEqualGiveAnOrthonormalBasis(int rows, int columns) {
    double[][] a = Plain.multiply(Plain.random(rows, 1, 4), Plain.random(1, columns, 5));
    assertFactors(a);
    for (double[] row : a) {
      Arrays.fill(row, row[0]);
    }
    assertFactors(a);
  }

  @ParameterizedTest
  @ValueSource(doubles = {1e-160, 1e-200, 1e-300, 1e-310})
  void numbersWhoseSquaresAreNoneAreFactoredAsOthers(double scale) {
    double[][] a = Plain.random(40, 30, 6);
    for (double[] row : a) {
      for (int j = 0; j < row.length; j++) {
        row[j] *= scale;
      }
    }
    try (Algebra algebra = Algebra.lanes();
        Qr qr = algebra.matrices().qr(algebra.matrix(a))) {
      assertThat(Plain.skew(Algebra.rows(qr.q()))).isLessThan(1e-13);
    }
  }

  @Test
  void columnsThatDependOnOthersStillGiveAnOrthonormalBasis() {
    double[][] a = Plain.multiply(Plain.random(200, 7, 2), Plain.random(7, 150, 3));
    assertFactors(a);
  }

  @Test
  void columnsOfZerosGiveAnOrthonormalBasis() {
    double[][] a = Plain.random(80, 50, 4);
    for (double[] row : a) {
      row[0] = 0;
      row[33] = 0;
    }
    assertFactors(a);
    assertFactors(new double[80][50]);
  }

  @Test
  void columnsOfVeryDifferentSizesAreReducedEachByItself() {
    double[][] a = Plain.random(90, 60, 5);
    for (double[] row : a) {
      for (int j = 0; j < 60; j++) {
        row[j] *= Math.pow(10, -j);
      }
    }
    assertFactors(a);
  }

  @Test
  void asFarAsItIsUniqueATallOneHasTheFactorsOfOneBand() {
    double[][] a = Plain.random(4096, 8, 6);
    try (Algebra algebra = Algebra.lanes()) {
      Qr bands = algebra.matrices().qr(algebra.matrix(a));
      double[][] gram = Plain.multiply(Plain.transpose(a), a);
      double[][] r = Algebra.rows(bands.r());
      assertThat(Plain.distance(gram, Plain.multiply(Plain.transpose(r), r))).isLessThan(1e-13);
    }
  }

  @Test
  void leavesTheMatrixAsItIs() {
    double[][] a = Plain.random(30, 20, 7);
    try (Algebra algebra = Algebra.lanes()) {
      Matrix matrix = algebra.matrix(a);
      algebra.matrices().qr(matrix);
      assertThat(Algebra.rows(matrix)).isDeepEqualTo(a);
    }
  }

  @Test
  void refusesInfinity() {
    try (Algebra algebra = Algebra.lanes()) {
      Matrix a = algebra.matrix(new double[][] {{1, 2}, {3, Double.POSITIVE_INFINITY}});
      assertThatThrownBy(() -> algebra.matrices().qr(a))
          .hasMessage("Matrix[2 x 2] holds Infinity at row 1, column 1");
    }
  }

  private static void assertFactors(double[][] a) {
    try (Algebra algebra = Algebra.lanes()) {
      Qr qr = algebra.matrices().qr(algebra.matrix(a));
      double[][] q = Algebra.rows(qr.q());
      assertThat(Plain.skew(q)).isLessThan(1e-13);
      double distance = Plain.norm(Plain.minus(a, Plain.multiply(q, Algebra.rows(qr.r()))));
      assertThat(distance).isLessThanOrEqualTo(1e-14 * Plain.norm(a));
    }
  }
}
