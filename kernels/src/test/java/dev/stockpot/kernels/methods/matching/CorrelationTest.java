package dev.stockpot.kernels.methods.matching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.stockpot.kernels.Operand;
import dev.stockpot.kernels.matrix.Matrix;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Correlations of activations, beside those of the activations themselves. */
class CorrelationTest extends MatchingCases {
  private static final int EXAMPLES = 40;

  /** What places did, an array for each example. */
  private static double[][] activations(int places, long seed) {
    double[] drawn = numbers(places * EXAMPLES, seed);
    double[][] rows = new double[EXAMPLES][places];
    for (int i = 0; i < drawn.length; i++) {
      rows[i / places][i % places] = Math.max(0, drawn[i] + 0.5);
    }
    return rows;
  }

  /** Xᵀ Y. */
  private static double[] products(double[][] x, double[][] y) {
    int columns = y[0].length;
    double[] sums = new double[x[0].length * columns];
    for (int example = 0; example < x.length; example++) {
      for (int i = 0; i < sums.length; i++) {
        sums[i] += x[example][i / columns] * y[example][i % columns];
      }
    }
    return sums;
  }

  private static double[] sums(double[][] x) {
    double[] sums = new double[x[0].length];
    for (double[] row : x) {
      for (int i = 0; i < row.length; i++) {
        sums[i] += row[i];
      }
    }
    return sums;
  }

  /** Pearson's, in two passes. */
  private static double correlation(double[][] x, int i, double[][] y, int j) {
    double mx = sums(x)[i] / x.length;
    double my = sums(y)[j] / y.length;
    double xy = 0;
    double xx = 0;
    double yy = 0;
    for (int example = 0; example < x.length; example++) {
      xy += (x[example][i] - mx) * (y[example][j] - my);
      xx += (x[example][i] - mx) * (x[example][i] - mx);
      yy += (y[example][j] - my) * (y[example][j] - my);
    }
    return xy / Math.sqrt(xx * yy);
  }

  private Activity activity(double[][] x, double[] squares) {
    return Activity.of(floats(sums(x)), 1.0 / x.length, floats(squares), 1.0 / x.length);
  }

  private static double[] upper(double[] gram, int places) {
    double[] upper = new double[places * (places + 1) / 2];
    int at = 0;
    for (int row = 0; row < places; row++) {
      for (int column = row; column < places; column++) {
        upper[at++] = gram[row * places + column];
      }
    }
    return upper;
  }

  private static double[] diagonal(double[] gram, int places) {
    double[] diagonal = new double[places];
    for (int place = 0; place < places; place++) {
      diagonal[place] = gram[place * (places + 1)];
    }
    return diagonal;
  }

  @ParameterizedTest
  @ValueSource(strings = {"whole", "upper", "diagonal"})
  void isThatOfTheActivationsWhereverSquaresLie(String form) {
    double[][] x = activations(5, 1);
    double[][] y = activations(5, 2);
    double[] gramX = products(x, x);
    double[] gramY = products(y, y);
    Activity one = activity(x, form.equals("upper") ? upper(gramX, 5) : gramX);
    Activity other = activity(y, form.equals("diagonal") ? diagonal(gramY, 5) : gramY);
    try (Matrix into = algebra.zeros(5, 5)) {
      Correlation.add(one, other, floats(products(x, y)), 1.0 / EXAMPLES, 0, 1, into);
      for (int i = 0; i < 5; i++) {
        for (int j = 0; j < 5; j++) {
          assertThat(into.at(i, j)).isCloseTo(correlation(x, i, y, j), within(1e-5));
        }
      }
    }
  }

  @Test
  void sumsOverThePlacesOfEachUnit() {
    double[][] x = activations(7, 3);
    double[][] y = activations(7, 4);
    Activity one = activity(x, products(x, x));
    Activity other = activity(y, products(y, y));
    try (Matrix into = algebra.zeros(3, 3)) {
      Correlation.add(one, other, floats(products(x, y)), 1.0 / EXAMPLES, 1, 2, into);
      assertThat(into.at(2, 0))
          .isCloseTo(correlation(x, 5, y, 1) + correlation(x, 6, y, 2), within(1e-5));
      Correlation.add(one, other, floats(products(x, y)), 1.0 / EXAMPLES, 1, 2, into);
      assertThat(into.at(2, 0))
          .isCloseTo(2 * (correlation(x, 5, y, 1) + correlation(x, 6, y, 2)), within(1e-5));
    }
  }

  @Test
  void whatAlwaysDoesTheSameIsLikeNothing() {
    double[][] x = activations(2, 5);
    double[][] y = activations(2, 6);
    for (int example = 0; example < EXAMPLES; example++) {
      x[example][0] = 3;
      y[example][1] = 0;
    }
    Activity one = activity(x, products(x, x));
    Activity other = activity(y, products(y, y));
    try (Matrix into = algebra.zeros(2, 2)) {
      Correlation.add(one, other, floats(products(x, y)), 1.0 / EXAMPLES, 0, 1, into);
      assertThat(into.at(0, 0)).isZero();
      assertThat(into.at(0, 1)).isZero();
      assertThat(into.at(1, 1)).isZero();
      assertThat(into.at(1, 0)).isCloseTo(correlation(x, 1, y, 0), within(1e-5));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void withinAModelItIsSymmetricWithOnesOnTheDiagonal(boolean isWhole) {
    double[][] x = activations(4, 7);
    double[] gram = products(x, x);
    Operand stored = floats(isWhole ? gram : upper(gram, 4));
    Activity one = activity(x, isWhole ? gram : upper(gram, 4));
    try (Matrix into = algebra.zeros(4, 4)) {
      Correlation.addWithin(one, stored, 1.0 / EXAMPLES, 0, 1, into);
      for (int i = 0; i < 4; i++) {
        assertThat(into.at(i, i)).isCloseTo(1, within(1e-5));
        for (int j = 0; j < 4; j++) {
          assertThat(into.at(i, j)).isEqualTo(into.at(j, i));
          assertThat(into.at(i, j)).isCloseTo(correlation(x, i, x, j), within(1e-5));
        }
      }
    }
  }

  @Test
  void refusesWhatDoesNotFit() {
    double[][] x = activations(3, 8);
    Activity one = activity(x, products(x, x));
    Operand products = floats(products(x, x));
    try (Matrix into = algebra.zeros(2, 2)) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> Correlation.add(one, one, products, 1, 1, 2, into))
          .withMessageContaining("2 units of 2 from 1 on: 9 products of 3 and 3 places");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> Correlation.addWithin(one, floats(1, 2), 1, 0, 1, into))
          .withMessageContaining("2 products within 3 places");
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Activity.of(floats(1, 2, 3), 1, floats(1, 2), 1))
        .withMessageContaining("2 numbers have no squares of 3 places");
  }

  @Test
  void cosinesAreProductsByLengths() {
    try (Matrix products = matrix(new double[][] {{6, 0}, {4, 5}})) {
      Likeness.toCosines(products, new double[] {9, 4}, new double[] {4, 0});
      assertThat(products.at(0, 0)).isEqualTo(1);
      assertThat(products.at(1, 0)).isEqualTo(1);
      assertThat(products.at(1, 1)).isZero();
    }
  }

  @Test
  void squaresOfUnitsAreAdded() {
    UnitTensor rows = new UnitTensor(floats(1, 2, 3, 4), new int[] {0, 2}, new int[] {0, 1});
    double[] squares = {10, 0};
    rows.addSquares(squares);
    assertThat(squares).containsExactly(15, 25);
    assertThatIllegalArgumentException().isThrownBy(() -> rows.addSquares(new double[1]));
  }
}
