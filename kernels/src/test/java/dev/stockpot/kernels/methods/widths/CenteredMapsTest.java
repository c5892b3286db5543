package dev.stockpot.kernels.methods.widths;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.stockpot.kernels.method.MatrixProgram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Maps between widths that add something: {@code y = S x + c}. */
class CenteredMapsTest extends WidthCases {
  private static final int ROWS = 50;
  private static final int FROM = 7;
  private static final int TO = 4;
  private static final double[] ADDED = {3, -2, 0, 40};
  private static final String SHARE = "R² of the fit";

  private final double[][] a = random(1, ROWS, FROM);
  private final double[][] map = random(2, TO, FROM);

  /** Of inputs that are far from zero. */
  CenteredMapsTest() {
    for (double[] row : a) {
      for (int j = 0; j < FROM; j++) {
        row[j] += 5 + j;
      }
    }
  }

  private double[][] mapped() {
    double[][] b = times(a, map);
    for (double[] row : b) {
      for (int j = 0; j < TO; j++) {
        row[j] += ADDED[j];
      }
    }
    return b;
  }

  private double[][] noisy() {
    double[][] b = mapped();
    double[][] noise = random(3, ROWS, TO);
    for (int i = 0; i < ROWS; i++) {
      for (int j = 0; j < TO; j++) {
        b[i][j] += 2 * noise[i][j];
      }
    }
    return b;
  }

  private static double[][] sums(double[][] rows) {
    double[][] sums = new double[1][rows[0].length];
    for (double[] row : rows) {
      for (int j = 0; j < row.length; j++) {
        sums[0][j] += row[j];
      }
    }
    return sums;
  }

  private static double[][] scaled(double[][] values, double factor) {
    double[][] scaled = new double[values.length][values[0].length];
    for (int i = 0; i < values.length; i++) {
      for (int j = 0; j < values[0].length; j++) {
        scaled[i][j] = values[i][j] * factor;
      }
    }
    return scaled;
  }

  private static double[][] gram(double[][] a, double[][] b) {
    return times(transposed(a), transposed(b));
  }

  @Test
  void leastSquaresFindTheMapAndWhatItAdds() {
    double[][] b = mapped();
    double[][] found = run(WidthPrograms.leastSquares(ROWS, FROM, TO, 0, true), TO, FROM, a, b);
    assertNear(found, map, 1e-8);
    assertThat(MEASURED.get(SHARE)).isCloseTo(1, within(1e-9));
    assertNear(
        run(WidthPrograms.shift(ROWS, FROM, TO), 1, TO, a, b, found), new double[][] {ADDED}, 1e-7);
  }

  @Test
  void withoutTheMeansTheMapWouldBeAnother() {
    double[][] b = mapped();
    double[][] found = run(WidthPrograms.leastSquares(ROWS, FROM, TO, 0, false), TO, FROM, a, b);
    assertThat(Math.abs(found[3][0] - map[3][0])).isGreaterThan(0.1);
  }

  @Test
  void aRotationIsFoundAboutTheMeans() {
    double[][] x = random(7, 30, 2);
    double angle = 0.7;
    double[][] turn = {{Math.cos(angle), -Math.sin(angle)}, {Math.sin(angle), Math.cos(angle)}};
    double[][] y = times(x, turn);
    for (double[] row : y) {
      row[0] += 100;
    }
    double[][] found = run(WidthPrograms.procrustes(30, 2, true), 2, 2, x, y);
    assertNear(found, turn, 1e-9);
    assertThat(MEASURED.get(SHARE)).isCloseTo(1, within(1e-9));
    assertNear(
        run(WidthPrograms.shift(30, 2, 2), 1, 2, x, y, found), new double[][] {{100, 0}}, 1e-8);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 1e-3, 0.5})
  void theShareThatIsToldIsTheOneThatIsLeft(double ridge) {
    double[][] b = noisy();
    double[][] found = run(WidthPrograms.leastSquares(ROWS, FROM, TO, ridge, true), TO, FROM, a, b);
    double told = MEASURED.get(SHARE);
    double[][] share = run(WidthPrograms.explained(ROWS, FROM, TO, true), 1, 1, a, b, found);
    assertThat(told).isCloseTo(share[0][0], within(1e-9)).isBetween(0.1, 0.99);
  }

  /** Sums over examples give what their rows do: the map, its share and what it adds. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void sumsOfProductsGiveTheSame(boolean isCentered) {
    double[][] b = noisy();
    double[][] expected =
        run(WidthPrograms.leastSquares(ROWS, FROM, TO, 0.01, isCentered), TO, FROM, a, b);
    double share = MEASURED.get(SHARE);
    double[][] shift = run(WidthPrograms.shift(ROWS, FROM, TO), 1, TO, a, b, expected);
    double[][] squares = gram(b, b);
    CrossSums sums = new CrossSums(ROWS, ROWS, isCentered, 1);
    MatrixProgram program = WidthPrograms.ofProducts(FROM, TO, 0.01, 1, sums);

    double[][] found = run(program, TO, FROM, gram(a, a), gram(a, b), sums(a), sums(b), squares);

    assertNear(found, expected, 1e-8);
    assertThat(MEASURED.get(SHARE)).isCloseTo(share, within(1e-9));
    assertNear(
        run(WidthPrograms.shiftOfSums(FROM, TO, ROWS), 1, TO, sums(a), sums(b), found),
        shift,
        1e-7);
  }

  @Test
  void meansOfProductsAndDiagonalsOfSquaresDoAsWell() {
    double[][] b = noisy();
    double[][] expected =
        run(WidthPrograms.leastSquares(ROWS, FROM, TO, 0.01, true), TO, FROM, a, b);
    double share = MEASURED.get(SHARE);
    double[][] squares = gram(b, b);
    double[][] diagonal = new double[1][TO];
    for (int j = 0; j < TO; j++) {
      diagonal[0][j] = squares[j][j];
    }
    CrossSums sums = new CrossSums(ROWS, 1, true, 1.0 / ROWS);
    double[][] found =
        run(
            WidthPrograms.ofProducts(FROM, TO, 0.01, 1.0 / ROWS, sums),
            TO,
            FROM,
            scaled(gram(a, a), 1.0 / ROWS),
            gram(a, b),
            sums(a),
            sums(b),
            diagonal);
    assertNear(found, expected, 1e-8);
    assertThat(MEASURED.get(SHARE)).isCloseTo(share, within(1e-9));
  }

  @Test
  void noShareIsToldWithoutSquares() {
    double[][] b = noisy();
    CrossSums sums = new CrossSums(ROWS, ROWS, true, 0);
    run(
        WidthPrograms.ofProducts(FROM, TO, 0, 1, sums),
        TO,
        FROM,
        gram(a, a),
        gram(a, b),
        sums(a),
        sums(b));
    assertThat(MEASURED).doesNotContainKey(SHARE);
  }

  @Test
  void squaresOfOtherExamplesAreRefused() {
    double[][] b = noisy();
    MatrixProgram program =
        WidthPrograms.ofProducts(FROM, TO, 0, 1, new CrossSums(ROWS, ROWS, true, 1));
    double[][] products = gram(a, b);
    assertThatThrownBy(
            () -> run(program, TO, FROM, gram(a, a), products, sums(a), sums(b), new double[1][TO]))
        .hasMessageContaining("squares of y are 0.0")
        .hasMessageContaining("are they of the same examples?");
    assertThatThrownBy(() -> new CrossSums(0, 1, true, 1))
        .hasMessage("sums of 0.0 samples, products of 1.0, squares times 1.0");
  }

  @Test
  void aLayerBehindTheMapHasAnotherBias() {
    double[][] weight = {{1, 2, 0, 0}, {0, 0, -1, 0.5}};
    double[][] added = {ADDED};
    assertNear(
        run(WidthPrograms.mappedShift(2, TO, false), 1, 2, weight, added),
        new double[][] {{-1, 20}},
        1e-12);
    assertNear(
        run(WidthPrograms.mappedShift(2, TO, true), 1, 2, weight, added, new double[][] {{10, 1}}),
        new double[][] {{9, 21}},
        1e-12);
  }
}
