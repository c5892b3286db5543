package dev.stockpot.kernels.matrix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.stockpot.kernels.random.RandomStream;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

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

  /** Of random matrices, whose values hardly fall off; larger ones start again many times. */
  @ParameterizedTest
  @CsvSource({"300, 300, 16", "260, 500, 1", "700, 260, 32"})
  void ofNearlyEqualValuesItCatchesAsMuchAsAnyOther(int rows, int columns, int rank) {
    try (Algebra algebra = Algebra.lanes()) {
      Matrix matrix = algebra.random(rows, columns, 2);
      double best = head(algebra.matrices().svd(matrix).values(), rank);
      Svd found = algebra.matrices().largest(matrix, rank, DRAWS);
      assertThat(head(found.values(), rank)).isBetween(best * (1 - 1e-8), best * (1 + 1e-12));
      assertThat(Plain.skew(Algebra.rows(found.u()))).isLessThan(1e-12);
      assertThat(Plain.skew(Algebra.rows(found.v()))).isLessThan(1e-12);
    }
  }

  /** All that squares round away beside the largest, the matrix itself still tells. */
  @Test
  void smallValuesBesideLargeOnesAreFound() {
    double[] values = new double[150];
    for (int i = 0; i < values.length; i++) {
      values[i] = Math.pow(10, -i);
    }
    try (Algebra algebra = Algebra.lanes()) {
      Matrix left = algebra.matrices().qr(algebra.random(200, 150, 3)).q();
      Matrix right = algebra.matrices().qr(algebra.random(150, 150, 4)).q();
      for (int j = 0; j < values.length; j++) {
        for (int i = 0; i < 200; i++) {
          left.set(i, j, left.at(i, j) * values[j]);
        }
      }
      Matrix matrix = algebra.matrices().multiply(left, right.transposed());
      double[] found = algebra.matrices().largest(matrix, 12, DRAWS).values();
      for (int i = 0; i < 12; i++) {
        assertThat(found[i]).isCloseTo(values[i], within(1e-14));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {1e-290, 1e-100, 1e100, 1e290})
  void sizesOfElementsDoNotMatter(double size) {
    double[][] a = Plain.random(140, 120, 6);
    try (Algebra algebra = Algebra.lanes()) {
      double[] expected = algebra.matrices().largest(algebra.matrix(a), 4, DRAWS).values();
      double power = Math.scalb(1.0, Math.getExponent(size));
      for (double[] row : a) {
        for (int j = 0; j < row.length; j++) {
          row[j] *= power;
        }
      }
      double[] found = algebra.matrices().largest(algebra.matrix(a), 4, DRAWS).values();
      for (int i = 0; i < 4; i++) {
        assertThat(found[i] / power).isCloseTo(expected[i], within(1e-12 * expected[0]));
      }
    }
  }

  /** Columns of zeros give vectors that lie among those that are there. */
  @Test
  void mostColumnsMayBeZero() {
    double[][] a = new double[300][200];
    double[][] some = Plain.random(300, 5, 7);
    for (int i = 0; i < 300; i++) {
      System.arraycopy(some[i], 0, a[i], 20, 5);
    }
    try (Algebra algebra = Algebra.lanes()) {
      double[] expected = algebra.matrices().svd(algebra.matrix(some)).values();
      Svd found = algebra.matrices().largest(algebra.matrix(a), 30, DRAWS);
      for (int i = 0; i < 30; i++) {
        double value = i < 5 ? expected[i] : 0;
        assertThat(found.values()[i]).isCloseTo(value, within(1e-12 * expected[0]));
      }
      assertThat(Plain.skew(Algebra.rows(found.u()))).isLessThan(1e-12);
      assertThat(Plain.skew(Algebra.rows(found.v()))).isLessThan(1e-12);
    }
  }

  /** Of an orthogonal matrix all values are one, and any vectors will do. */
  @Test
  void allValuesMayBeEqual() {
    try (Algebra algebra = Algebra.lanes()) {
      Matrix q = algebra.matrices().qr(algebra.random(200, 200, 8)).q();
      double[] found = algebra.matrices().largest(q, 20, DRAWS).values();
      assertThat(found).hasSize(20);
      for (double value : found) {
        assertThat(value).isCloseTo(1, within(1e-12));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.NEGATIVE_INFINITY})
  void refusesWhatIsNoNumber(double element) {
    try (Algebra algebra = Algebra.lanes()) {
      Matrix a = algebra.random(150, 200, 9);
      a.set(3, 170, element);
      assertThatThrownBy(() -> algebra.matrices().largest(a, 2, DRAWS))
          .hasMessage("Matrix[150 x 200] holds %s at row 3, column 170".formatted(element));
      assertThatThrownBy(() -> algebra.matrices().svd(a))
          .hasMessage("Matrix[150 x 200] holds %s at row 3, column 170".formatted(element));
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
    double[][] a = Plain.random(180, 200, 5);
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

  private static double head(double[] values, int rank) {
    return Arrays.stream(values).limit(rank).map(value -> value * value).sum();
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
