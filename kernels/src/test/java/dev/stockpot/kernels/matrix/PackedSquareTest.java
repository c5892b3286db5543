package dev.stockpot.kernels.matrix;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.kernels.MatrixKernels;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A square that is packed once gives the products that it gives otherwise, to the bit. */
class PackedSquareTest {
  @ParameterizedTest
  @CsvSource({"1, 1", "13, 16", "14, 16", "15, 3", "100, 16", "300, 17", "257, 16"})
  void productsAreThoseOfTheSquare(int order, int columns) {
    double[][] square = Plain.random(order, order, 1);
    double[][] x = Plain.random(order, columns, 2);
    double[][] expected;
    try (Algebra algebra = Algebra.scalar()) {
      expected =
          Algebra.rows(algebra.matrices().multiply(algebra.matrix(square), algebra.matrix(x)));
    }
    for (MatrixKernels kernels : List.of(Algebra.SCALAR, Algebra.LANES)) {
      for (Blocking blocking : Algebra.BLOCKINGS) {
        for (int threads = 1; threads <= 3; threads++) {
          assertThat(product(kernels, blocking, threads, square, x))
              .as("%s, %s threads", blocking, threads)
              .isDeepEqualTo(expected);
        }
      }
    }
  }

  private static double[][] product(
      MatrixKernels kernels, Blocking blocking, int threads, double[][] square, double[][] x) {
    try (Algebra algebra = new Algebra(kernels, threads, blocking);
        Workers workers = new Workers(threads);
        PackedSquare packed =
            new PackedSquare(algebra.memory(), kernels, blocking, workers, algebra.matrix(square));
        Matrix into = algebra.memory().matrix(square.length, x[0].length)) {
      packed.multiply(algebra.matrix(x), into);
      packed.multiply(algebra.matrix(x), into); // again, as it is meant to be
      return Algebra.rows(into);
    }
  }

  @ParameterizedTest
  @CsvSource({"100, 3", "700, 16"})
  void itTakesNoMoreThanItSays(int order, int columns) {
    try (Algebra algebra = Algebra.lanes();
        Workers workers = new Workers(1)) {
      Matrix square = algebra.random(order, order, 3);
      long before = algebra.allocated();
      try (PackedSquare packed =
          new PackedSquare(algebra.memory(), Algebra.LANES, Blocking.DEFAULT, workers, square)) {
        // buffers of this allocator are rounded up to powers of two
        assertThat(algebra.allocated() - before)
            .isLessThanOrEqualTo(2 * PackedSquare.demand(order).bytes());
        Matrix into = algebra.matrices().zeros(order, columns);
        packed.multiply(algebra.random(order, columns, 4), into);
        assertThat(into.at(order - 1, columns - 1)).isNotZero();
      }
    }
  }
}
