package dev.stockpot.kernels.matrix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.arrow.memory.OutOfMemoryException;
import org.junit.jupiter.api.Test;

class MatrixTest {
  private static final double[][] NUMBERS = {{1, 2, 3, 4}, {5, 6, 7, 8}, {9, 10, 11, 12}};

  @Test
  void aTransposeSharesTheElements() {
    try (Algebra algebra = Algebra.lanes()) {
      Matrix matrix = algebra.matrix(NUMBERS);
      Matrix transposed = matrix.transposed();
      transposed.set(3, 1, -8);
      assertThat(matrix.at(1, 3)).isEqualTo(-8);
      assertThat(transposed.rows()).isEqualTo(4);
      assertThat(transposed.columns()).isEqualTo(3);
      assertThat(Algebra.rows(transposed.transposed())).isDeepEqualTo(Algebra.rows(matrix));
    }
  }

  @Test
  void aWindowOfATransposeIsATransposeOfAWindow() {
    try (Algebra algebra = Algebra.lanes()) {
      Matrix matrix = algebra.matrix(NUMBERS);
      Matrix one = matrix.transposed().window(1, 0, 3, 2);
      Matrix other = matrix.window(0, 1, 2, 3).transposed();
      assertThat(Algebra.rows(one)).isDeepEqualTo(new double[][] {{2, 6}, {3, 7}, {4, 8}});
      assertThat(Algebra.rows(other)).isDeepEqualTo(Algebra.rows(one));
      one.write(2, 0, new double[] {0, 40, 80}, 1, 2);
      assertThat(matrix.at(0, 3)).isEqualTo(40);
      assertThat(matrix.at(1, 3)).isEqualTo(80);
    }
  }

  @Test
  void refusesWindowsThatDoNotLieInIt() {
    try (Algebra algebra = Algebra.lanes()) {
      Matrix matrix = algebra.matrix(NUMBERS);
      assertThatThrownBy(() -> matrix.window(1, 0, 3, 4))
          .hasMessage("window of 3 x 4 at 1, 0 does not fit 3 x 4");
      assertThatThrownBy(() -> matrix.window(0, 0, 0, 4))
          .hasMessage("no window of 0 x 4 begins at 0, 0");
      assertThatThrownBy(() -> matrix.window(-1, 0, 1, 1))
          .hasMessage("no window of 1 x 1 begins at -1, 0");
    }
  }

  @Test
  void refusesAnEmptyOne() {
    try (Algebra algebra = Algebra.lanes()) {
      assertThatThrownBy(() -> algebra.matrices().zeros(0, 4))
          .hasMessage("a matrix of 0 x 4 is empty");
    }
  }

  @Test
  void takesItsBytesFromTheAllocatorAndGivesThemBackOnce() {
    try (Algebra algebra = Algebra.lanes()) {
      Matrix matrix = algebra.matrices().zeros(64, 64);
      assertThat(algebra.allocated()).isEqualTo(Matrix.bytes(64, 64));
      matrix.window(1, 1, 2, 2).close();
      matrix.transposed().close();
      assertThat(algebra.allocated()).isEqualTo(Matrix.bytes(64, 64));
      matrix.close();
      matrix.close();
      assertThat(algebra.allocated()).isZero();
    }
  }

  @Test
  void whatNobodyClosedIsClosedAtLastEvenWhereMemoryRanOut() {
    try (Algebra algebra = Algebra.limited(300_000)) {
      Matrix a = algebra.random(100, 100, 1);
      assertThatThrownBy(() -> algebra.matrices().qr(a)).isInstanceOf(OutOfMemoryException.class);
    }
  }

  @Test
  void rowsMayLieInSeveralViews() {
    // 2^27 elements are 1 GiB: rows as long as that have a view each; memory that is never touched
    // is not taken from the machine
    try (Algebra algebra = Algebra.lanes();
        Matrix long3 = uninitialised(algebra, 3, 1 << 27)) {
      long3.set(0, 5, 1);
      long3.set(1, 5, 2);
      long3.set(2, (1 << 27) - 1, 3);
      double[] two = new double[2];
      long3.read(1, 4, two, 0, 2);
      assertThat(two[1]).isEqualTo(2);
      assertThat(long3.at(2, (1 << 27) - 1)).isEqualTo(3);
      assertThat(long3.at(0, 5)).isEqualTo(1);
    }
  }

  private static Matrix uninitialised(Algebra algebra, int rows, int columns) {
    return algebra.memory().matrix(rows, columns);
  }

  @Test
  void refusesRowsThatNoViewCanHold() {
    try (Algebra algebra = Algebra.lanes()) {
      assertThatThrownBy(() -> algebra.memory().matrix(1, (1 << 27) + 1))
          .hasMessage("rows of 134217729 elements are too long, at most 134217728");
    }
  }
}
