package dev.stockpot.kernels.matrix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class SvdTest {
  @ParameterizedTest
  @CsvSource({
    "1, 1",
    "2, 2",
    "3, 2",
    "2, 3",
    "5, 5",
    "31, 31",
    "33, 32",
    "64, 64",
    "70, 50",
    "50, 90",
    "129, 129",
    "300, 40",
    "40, 300",
    "200, 200"
  })
  void vectorsAndValuesMakeTheMatrix(int rows, int columns) {
    assertFactors(Plain.random(rows, columns, 1));
  }

  /** Spectra on which decompositions fail that are right on random matrices. */
  static Stream<Named<IntToDoubleFunction>> spectra() {
    return Stream.of(
        Named.of("equal", i -> 1),
        Named.of("nearly equal", i -> 1 + i * 1e-15),
        Named.of("in pairs", i -> 1 + i / 2),
        Named.of("graded", i -> Math.pow(10, -i / 6.0)),
        Named.of("rank deficient", i -> i < 30 ? 1 + i : 0),
        Named.of("one large", i -> i == 0 ? 1e8 : 1e-8),
        Named.of("clusters", i -> Math.pow(10, -(i / 20) * 4)),
        Named.of("alternating", i -> i % 2 == 0 ? 1 : 1e-12),
        Named.of("rank one", i -> i == 0 ? 7 : 0));
  }

  @ParameterizedTest
  @MethodSource("spectra")
  void spectraAreFoundAgain(IntToDoubleFunction spectrum) {
    int n = 100;
    double[] values = IntStream.range(0, n).mapToDouble(spectrum).toArray();
    double[][] a =
        Plain.multiply(
            Plain.multiply(orthogonal(n, 2), Plain.diagonal(values)),
            Plain.transpose(orthogonal(n, 3)));
    double[] expected = values.clone();
    Arrays.sort(expected);
    double largest = expected[n - 1];
    double[] found = assertFactors(a);
    for (int i = 0; i < n; i++) {
      assertThat(found[i]).isCloseTo(expected[n - 1 - i], within(1e-14 * largest * n));
    }
  }

  @Test
  void matricesThatAreSparseAlreadyKeepTheirValues() {
    assertThat(assertFactors(Plain.identity(40))).containsOnly(1);
    assertThat(assertFactors(new double[7][5])).containsOnly(0);
    assertThat(assertFactors(Plain.diagonal(0, -3, 0, 2)))
        .containsExactly(new double[] {3, 2, 0, 0}, within(1e-14));
    double[][] shift = new double[9][9];
    for (int i = 0; i < 8; i++) {
      shift[i][i + 1] = 1;
    }
    assertFactors(shift);
  }

  @Test
  void hugeAndTinyMatricesAreScaled() {
    for (double size : new double[] {1e-300, 1e-160, 1e160, 1e300}) {
      double[][] a = Plain.random(20, 20, 4);
      for (double[] row : a) {
        for (int j = 0; j < 20; j++) {
          row[j] *= size;
        }
      }
      try (Algebra algebra = Algebra.lanes()) {
        Svd svd = algebra.matrices().svd(algebra.matrix(a));
        assertThat(svd.values()[0] / size).isBetween(4.0, 10.0);
        assertThat(Plain.skew(Algebra.rows(svd.u()))).isLessThan(1e-13);
      }
    }
  }

  @Test
  void bidiagonalOnesOfHilbertKindAreAccurate() {
    double[][] hilbert = new double[60][60];
    for (int i = 0; i < 60; i++) {
      for (int j = 0; j < 60; j++) {
        hilbert[i][j] = 1.0 / (i + j + 1);
      }
    }
    assertFactors(hilbert);
  }

  @Test
  void plainLoopsAndLanesGiveEqualBits() {
    double[][] a = Plain.random(90, 70, 5);
    try (Algebra plain = new Algebra(Algebra.SCALAR, 3, Algebra.SMALL);
        Algebra lanes = Algebra.lanes()) {
      Svd expected = plain.matrices().svd(plain.matrix(a));
      Svd found = lanes.matrices().svd(lanes.matrix(a));
      assertThat(found.values()).isEqualTo(expected.values());
      assertThat(Algebra.rows(found.left())).isDeepEqualTo(Algebra.rows(expected.left()));
      assertThat(Algebra.rows(found.right())).isDeepEqualTo(Algebra.rows(expected.right()));
    }
  }

  @Test
  void refusesNaN() {
    try (Algebra algebra = Algebra.lanes()) {
      Matrix a = algebra.matrix(new double[][] {{1, Double.NaN}});
      assertThatThrownBy(() -> algebra.matrices().svd(a))
          .hasMessage("Matrix[1 x 2] holds NaN at row 0, column 1");
    }
  }

  static double[][] orthogonal(int n, long seed) {
    try (Algebra algebra = Algebra.lanes()) {
      return Algebra.rows(algebra.matrices().qr(algebra.random(n, n, seed)).q());
    }
  }

  private static double[] assertFactors(double[][] a) {
    try (Algebra algebra = Algebra.lanes()) {
      Svd svd = algebra.matrices().svd(algebra.matrix(a));
      double[][] u = Algebra.rows(svd.u());
      double[][] v = Algebra.rows(svd.v());
      assertThat(Plain.skew(u)).as("U").isLessThan(1e-12);
      assertThat(Plain.skew(v)).as("V").isLessThan(1e-12);
      double[][] made =
          Plain.multiply(Plain.multiply(u, Plain.diagonal(svd.values())), Plain.transpose(v));
      assertThat(Plain.norm(Plain.minus(a, made))).isLessThanOrEqualTo(1e-13 * Plain.norm(a));
      assertThat(svd.values()).isSortedAccordingTo((x, y) -> Double.compare(y, x));
      return svd.values();
    }
  }
}
