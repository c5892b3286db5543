package dev.stockpot.kernels.matrix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.stockpot.kernels.MatrixKernels;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class MultiplicationTest {
  /** Around tiles of 4, 5 and 14 rows, and of 6, 8, 16 and 32 columns, with ragged tails. */
  private static final int[][] SHAPES = {
    {1, 1, 1},
    {1, 7, 1},
    {3, 1, 5},
    {4, 6, 32},
    {7, 65, 23},
    {8, 64, 24},
    {9, 257, 25},
    {40, 3, 97},
    {65, 33, 13},
    {61, 130, 70}
  };

  static Stream<Arguments> cuts() {
    return Stream.concat(
            Stream.of(Algebra.SCALAR, Algebra.LANES), PlainTiles.OF_OTHER_MACHINES.stream())
        .flatMap(
            kernels ->
                Algebra.BLOCKINGS.stream()
                    .flatMap(
                        blocking ->
                            Stream.of(1, 2, 3, 4)
                                .map(threads -> Arguments.of(kernels, threads, blocking))));
  }

  @ParameterizedTest
  @MethodSource("cuts")
  void everyElementIsOneChainHoweverItIsCut(MatrixKernels kernels, int threads, Blocking blocking) {
    try (Algebra algebra = new Algebra(kernels, threads, blocking)) {
      for (int[] shape : SHAPES) {
        double[][] a = Plain.random(shape[0], shape[1], 1);
        double[][] b = Plain.random(shape[1], shape[2], 2);
        double[][] expected = Plain.multiply(a, b);
        Matrix straightA = algebra.matrix(a);
        Matrix straightB = algebra.matrix(b);
        Matrix turnedA = algebra.matrix(Plain.transpose(a)).transposed();
        Matrix turnedB = algebra.matrix(Plain.transpose(b)).transposed();
        for (Matrix left : List.of(straightA, turnedA)) {
          for (Matrix right : List.of(straightB, turnedB)) {
            Matrix product = algebra.matrices().multiply(left, right);
            assertThat(Algebra.rows(product)).isDeepEqualTo(expected);
          }
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("cuts")
  void gramIsTheProductAndExactlySymmetric(MatrixKernels kernels, int threads, Blocking blocking) {
    try (Algebra algebra = new Algebra(kernels, threads, blocking)) {
      for (int[] shape : SHAPES) {
        double[][] a = Plain.random(shape[0], shape[2], 3);
        double[][] expected = Plain.multiply(Plain.transpose(a), a);
        Matrix gram = algebra.matrices().gram(algebra.matrix(a));
        assertThat(Algebra.rows(gram)).isDeepEqualTo(expected);
        assertThat(Algebra.rows(gram.transposed())).isDeepEqualTo(expected);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("cuts")
  void aProductIsSubtractedTermByTerm(MatrixKernels kernels, int threads, Blocking blocking) {
    try (Algebra algebra = new Algebra(kernels, threads, blocking)) {
      double[][] a = Plain.random(21, 300, 4);
      double[][] b = Plain.random(300, 50, 5);
      double[][] expected = Plain.random(21, 50, 6);
      Matrix sum = algebra.matrix(expected);
      for (int i = 0; i < 21; i++) {
        for (int j = 0; j < 50; j++) {
          for (int p = 0; p < 300; p++) {
            expected[i][j] = Math.fma(-a[i][p], b[p][j], expected[i][j]);
          }
        }
      }
      algebra.matrices().addProduct(-1, algebra.matrix(a), algebra.matrix(b), sum);
      assertThat(Algebra.rows(sum)).isDeepEqualTo(expected);
    }
  }

  @Test
  void writesIntoATransposeAndIntoAWindow() {
    try (Algebra algebra = Algebra.lanes()) {
      double[][] a = Plain.random(5, 4, 7);
      double[][] b = Plain.random(4, 9, 8);
      double[][] product = Plain.multiply(a, b);
      Matrix turned = algebra.matrices().zeros(9, 5).transposed();
      Matrix large = algebra.matrices().zeros(12, 12);
      Matrix window = large.window(3, 2, 5, 9);
      algebra.matrices().addProduct(1, algebra.matrix(a), algebra.matrix(b), turned);
      algebra.matrices().addProduct(1, algebra.matrix(a), algebra.matrix(b), window);
      assertThat(Algebra.rows(turned)).isDeepEqualTo(product);
      assertThat(Algebra.rows(window)).isDeepEqualTo(product);
      assertThat(algebra.matrices().norm(large))
          .isEqualTo(algebra.matrices().norm(turned.transposed()), within(1e-14));
    }
  }

  @Test
  void refusesShapesThatDoNotMeet() {
    try (Algebra algebra = Algebra.lanes()) {
      Matrix a = algebra.matrices().zeros(2, 3);
      Matrix b = algebra.matrices().zeros(2, 3);
      assertThatThrownBy(() -> algebra.matrices().multiply(a, b))
          .hasMessage("Matrix[2 x 3] times Matrix[2 x 3] is no Matrix[2 x 3]");
    }
  }

  @Test
  void aShareThatFailsFailsTheProductAndEndsTheOthersFirst() {
    try (Algebra algebra = new Algebra(new Failing(), 3, Blocking.DEFAULT)) {
      Matrix a = algebra.random(600, 100, 9);
      assertThatThrownBy(() -> algebra.matrices().multiply(a, a.transposed()))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("no tile today");
    }
  }

  /** Cannot make a tile. */
  private static final class Failing implements MatrixKernels {
    @Override
    public int tileRows() {
      return 4;
    }

    @Override
    public int tileColumns() {
      return 4;
    }

    @Override
    public void addTile(
        int depth,
        double[] a,
        int aFrom,
        double[] b,
        int bFrom,
        double[] c,
        int cFrom,
        int stride) {
      throw new IllegalStateException("no tile today");
    }

    @Override
    public void addRows(
        int rows,
        double[] x,
        int xFrom,
        int xStride,
        double[] factors,
        int factorsFrom,
        double[] y,
        int yFrom,
        int count) {
      throw new UnsupportedOperationException();
    }

    @Override
    public double dot(double[] x, int xFrom, double[] y, int yFrom, int count) {
      throw new UnsupportedOperationException();
    }
  }
}
