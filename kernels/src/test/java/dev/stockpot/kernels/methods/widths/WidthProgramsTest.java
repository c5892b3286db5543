package dev.stockpot.kernels.methods.widths;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.stockpot.kernels.method.MatrixProgram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Maps between widths, on matrices whose answers are known. */
class WidthProgramsTest extends WidthCases {
  @Test
  void leastSquaresFindTheMapThatThereIs() {
    double[][] a = random(1, 50, 7);
    double[][] map = random(2, 4, 7);
    MatrixProgram program = WidthPrograms.leastSquares(50, 7, 4, 0, false);
    assertNear(run(program, 4, 7, a, times(a, map)), map, 1e-9);
  }

  @Test
  void whatLeastSquaresLeaveIsOrthogonalToTheInputs() {
    double[][] a = random(3, 40, 5);
    double[][] b = random(4, 40, 6);
    double[][] map = run(WidthPrograms.leastSquares(40, 5, 6, 0, false), 6, 5, a, b);
    double[][] left = times(a, map);
    for (int i = 0; i < 40; i++) {
      for (int j = 0; j < 6; j++) {
        left[i][j] -= b[i][j];
      }
    }
    assertNear(times(transposed(a), transposed(left)), new double[5][6], 1e-9);
  }

  @Test
  void aRidgeShrinksTheMap() {
    double[][] a = random(1, 50, 7);
    double[][] b = times(a, random(2, 4, 7));
    double free = square(run(WidthPrograms.leastSquares(50, 7, 4, 0, false), 4, 7, a, b));
    double held = square(run(WidthPrograms.leastSquares(50, 7, 4, 1, false), 4, 7, a, b));
    assertThat(held).isLessThan(free / 2).isPositive();
  }

  @Test
  void sumsOfProductsGiveTheSameMap() {
    double[][] a = random(5, 60, 6);
    double[][] b = random(6, 60, 3);
    double[][] gram = times(transposed(a), transposed(a));
    double[][] cross = times(transposed(a), transposed(b));
    assertNear(
        run(WidthPrograms.ofProducts(6, 3, 0, 1), 3, 6, gram, cross),
        run(WidthPrograms.leastSquares(60, 6, 3, 0, false), 3, 6, a, b),
        1e-9);
  }

  @Test
  void productsOfMeansAreScaled() {
    double[][] a = random(5, 60, 6);
    double[][] b = random(6, 60, 3);
    double[][] gram = times(transposed(a), transposed(a));
    double[][] mean = times(transposed(a), transposed(b));
    for (double[] row : mean) {
      for (int j = 0; j < row.length; j++) {
        row[j] /= 60;
      }
    }
    assertNear(
        run(WidthPrograms.ofProducts(6, 3, 0, 60), 3, 6, gram, mean),
        run(WidthPrograms.leastSquares(60, 6, 3, 0, false), 3, 6, a, b),
        1e-9);
  }

  @Test
  void procrustesFindsARotation() {
    double[][] a = random(7, 30, 2);
    double angle = 0.7;
    double[][] turn = {{Math.cos(angle), -Math.sin(angle)}, {Math.sin(angle), Math.cos(angle)}};
    double[][] found = run(WidthPrograms.procrustes(30, 2, false), 2, 2, a, times(a, turn));
    assertNear(found, turn, 1e-9);
    double[][] noisy = run(WidthPrograms.procrustes(30, 2, false), 2, 2, a, random(8, 30, 2));
    assertNear(times(noisy, noisy), new double[][] {{1, 0}, {0, 1}}, 1e-9);
  }

  @Test
  void productsAreProducts() {
    double[][] a = random(1, 3, 5);
    double[][] b = random(2, 5, 4);
    assertNear(run(WidthPrograms.product(3, 5, 4), 3, 4, a, b), times(a, transposed(b)), 1e-12);
  }

  @Test
  void whatIsExplainedIsAShare() {
    double[][] a = random(1, 50, 7);
    double[][] map = random(2, 4, 7);
    double[][] b = times(a, map);
    MatrixProgram program = WidthPrograms.explained(50, 7, 4, false);
    assertThat(run(program, 1, 1, a, b, map)[0][0]).isCloseTo(1, within(1e-12));
    double[][] noise = random(9, 50, 4);
    double[][] fit = run(WidthPrograms.leastSquares(50, 7, 4, 0, false), 4, 7, a, noise);
    assertThat(run(program, 1, 1, a, noise, fit)[0][0]).isBetween(0.0, 0.5);
    assertThatThrownBy(() -> run(program, 1, 1, a, new double[50][4], map))
        .hasMessageContaining("all 50 rows that are to be met are the same");
  }

  /** As it is told of the normal equations, and as it is of what is left. */
  @ParameterizedTest
  @ValueSource(doubles = {0, 1e-3, 0.5})
  void theShareThatIsToldIsTheOneThatIsLeft(double ridge) {
    double[][] a = random(1, 50, 7);
    double[][] b = random(9, 50, 4);
    for (int i = 0; i < 50; i++) {
      b[i][0] += 3 * a[i][2]; // some of it can be explained
    }
    double[][] map = run(WidthPrograms.leastSquares(50, 7, 4, ridge, false), 4, 7, a, b);
    double told = MEASURED.get("R² of the fit");
    double[][] share = run(WidthPrograms.explained(50, 7, 4, false), 1, 1, a, b, map);
    assertThat(told).isCloseTo(share[0][0], within(1e-10)).isBetween(0.1, 0.95);
  }

  @Test
  void theShareThatARotationExplainsIsTold() {
    double[][] a = random(7, 30, 5);
    double[][] b = random(8, 30, 5);
    double[][] map = run(WidthPrograms.procrustes(30, 5, false), 5, 5, a, b);
    double told = MEASURED.get("R² of the fit");
    double[][] share = run(WidthPrograms.explained(30, 5, 5, false), 1, 1, a, b, map);
    assertThat(told).isCloseTo(share[0][0], within(1e-9)).isLessThan(1);
  }
}
