package dev.stockpot.kernels.matrix;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.kernels.MatrixKernels;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Columns that are multiplied by rows as they lie give what they give otherwise, to the bit. */
class SquaresTest {
  private static final List<MatrixKernels> KERNELS =
      Stream.concat(Stream.of(Algebra.SCALAR, Algebra.LANES), PlainTiles.OF_OTHER_MACHINES.stream())
          .toList();

  @ParameterizedTest
  @CsvSource({"1, 1", "13, 16", "14, 16", "15, 3", "100, 16", "300, 17", "513, 16", "1100, 16"})
  void productsAreThoseOfTheGram(int order, int columns) {
    double[][] square = Plain.random(order, order, 1);
    double[][] x = Plain.random(order, columns, 2);
    double[][] expected;
    try (Algebra algebra = Algebra.scalar()) {
      expected =
          Algebra.rows(algebra.matrices().multiply(algebra.matrix(square), algebra.matrix(x)));
    }
    for (MatrixKernels kernels : KERNELS) {
      for (int threads = 1; threads <= 3; threads++) {
        try (Algebra algebra = new Algebra(kernels, threads, Blocking.DEFAULT);
            Workers workers = new Workers(threads)) {
          Function<Matrix, Squares> gram = a -> new Squares.Gram(kernels, workers, a, columns);
          assertThat(product(algebra, gram, algebra.matrix(square), x)).isDeepEqualTo(expected);
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "1, 1, 1",
    "5, 3, 2",
    "64, 13, 16",
    "65, 64, 16",
    "200, 513, 16",
    "1100, 515, 16",
    "61, 1030, 5"
  })
  void productsInTurnsAreThoseOfBothProducts(int rows, int order, int columns) {
    double[][] a = Plain.random(rows, order, 1);
    double[][] x = Plain.random(order, columns, 2);
    double[][] expected;
    try (Algebra algebra = Algebra.scalar()) {
      Matrix matrix = algebra.matrix(a);
      Matrix between = algebra.matrices().multiply(matrix, algebra.matrix(x));
      expected = Algebra.rows(algebra.matrices().multiply(matrix.transposed(), between));
    }
    for (MatrixKernels kernels : KERNELS) {
      for (int threads = 1; threads <= 3; threads++) {
        try (Algebra algebra = new Algebra(kernels, threads, Blocking.DEFAULT);
            Workers workers = new Workers(threads)) {
          Function<Matrix, Squares> inTurns =
              of -> new Squares.InTurns(algebra.memory(), kernels, workers, of, columns);
          Matrix matrix = algebra.matrix(a);
          Matrix turned = algebra.matrices().copy(matrix.transposed()).transposed();
          assertThat(product(algebra, inTurns, matrix, x)).isDeepEqualTo(expected);
          assertThat(product(algebra, inTurns, turned, x)).isDeepEqualTo(expected);
        }
      }
    }
  }

  private static double[][] product(
      Algebra algebra, Function<Matrix, Squares> squares, Matrix a, double[][] x) {
    try (Squares of = squares.apply(a);
        Matrix into = algebra.memory().matrix(x.length, x[0].length)) {
      of.multiply(algebra.matrix(x), into);
      of.multiply(algebra.matrix(x), into); // again, as it is meant to be
      return Algebra.rows(into);
    }
  }
}
