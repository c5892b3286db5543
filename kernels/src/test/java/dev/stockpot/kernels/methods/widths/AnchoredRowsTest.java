package dev.stockpot.kernels.methods.widths;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.stockpot.kernels.matrix.Demand;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows that are known in one space alone, on anchors whose answers are known. */
class AnchoredRowsTest extends WidthCases {
  @Test
  void whatSumsLackIsTold() {
    double[][] there = {{1, 0, 0}, {0, 1, 0}};
    double[][] wanted = {{3, 0, 4}, {0, 2, 0}};
    double[][] here = {{1}, {2}};
    run(WidthPrograms.matchingPursuit(2, 2, 3, 1, 2), 2, 1, wanted, there, here);
    assertThat(MEASURED.get("what sums lack of the donor's rows, mean")).isEqualTo(0.4);
    assertThat(MEASURED.get("what sums lack of the donor's rows, most")).isEqualTo(0.8);
    run(WidthPrograms.neighbours(2, 2, 3, 1, 1), 2, 1, wanted, there, here);
    assertThat(MEASURED.get("what sums lack of the donor's rows, most"))
        .isEqualTo(Math.sqrt(20) / 5);
  }

  @Test
  void allAnchorsTogetherGiveAnyRow() {
    double[][] anchors = random(1, 6, 6);
    double[][] wanted = random(2, 70, 6); // more than are worked on at once
    double[][] map = random(3, 9, 6);
    double[][] made =
        run(
            WidthPrograms.matchingPursuit(70, 6, 6, 9, 6),
            70,
            9,
            wanted,
            anchors,
            times(anchors, map));
    assertNear(made, times(wanted, map), 1e-7);
  }

  @Test
  void anAnchorIsItself() {
    double[][] unit = {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}};
    double[][] made =
        run(
            WidthPrograms.matchingPursuit(2, 3, 3, 2, 2),
            2,
            2,
            new double[][] {{0, 2, 0}, {1, 0, 3}},
            unit,
            new double[][] {{1, 1}, {10, 20}, {5, 7}});
    assertNear(made, new double[][] {{20, 40}, {16, 22}}, 1e-12);
  }

  /** Beside a search through all pairs: the first anchor has the largest inner product. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void pursuitIsGreedyAndOrthogonal(long seed) {
    double[][] there = random(seed, 30, 10);
    double[][] wanted = random(seed + 10, 5, 10);
    double[][] identity = new double[30][30];
    for (int i = 0; i < 30; i++) {
      identity[i][i] = 1;
    }
    double[][] coefficients =
        run(WidthPrograms.matchingPursuit(5, 30, 10, 30, 4), 5, 30, wanted, there, identity);
    double[][] met = times(coefficients, transposed(there));
    for (int i = 0; i < 5; i++) {
      int used = 0;
      int best = 0;
      double[] left = new double[10];
      for (int j = 0; j < 10; j++) {
        left[j] = wanted[i][j] - met[i][j];
      }
      for (int a = 0; a < 30; a++) {
        used += coefficients[i][a] != 0 ? 1 : 0;
        if (Math.abs(dot(wanted[i], there[a])) > Math.abs(dot(wanted[i], there[best]))) {
          best = a;
        }
        if (coefficients[i][a] != 0) {
          assertThat(dot(left, there[a])).isCloseTo(0, within(1e-9));
        }
      }
      assertThat(used).isEqualTo(4);
      assertThat(coefficients[i][best]).isNotZero();
    }
  }

  @Test
  void anchorsThatAreAlikeAreTakenOnce() {
    double[][] there = {{1, 0}, {1, 0}, {1, 0}, {0, 1}};
    double[][] here = {{1}, {2}, {4}, {8}};
    assertNear(
        run(
            WidthPrograms.matchingPursuit(1, 4, 2, 1, 3),
            1,
            1,
            new double[][] {{3, 1}},
            there,
            here),
        new double[][] {{3 * 1 + 8}},
        1e-12);
  }

  /** As rows of tokens are that nobody has trained. */
  @Test
  void manyAnchorsThatAreAlikeEnd() {
    int count = 30_000;
    double[] alike = random(5, 1, 7)[0];
    double[][] there = new double[count][];
    double[][] here = new double[count][];
    Arrays.fill(there, alike);
    Arrays.fill(here, new double[] {1});
    double[][] wanted = random(6, 1, 7);
    double product = 0;
    double square = 0;
    for (int i = 0; i < alike.length; i++) {
      product += (float) wanted[0][i] * (double) (float) alike[i];
      square += (double) (float) alike[i] * (float) alike[i];
    }

    double[][] made =
        run(WidthPrograms.matchingPursuit(1, count, 7, 1, 4), 1, 1, wanted, there, here);

    assertThat(made[0][0]).isCloseTo(product / square, within(1e-5));
  }

  @Test
  void aRowOfZerosStaysOne() {
    assertNear(
        run(
            WidthPrograms.matchingPursuit(1, 2, 2, 1, 2),
            1,
            1,
            new double[1][2],
            new double[][] {{1, 0}, {0, 1}},
            new double[][] {{5}, {6}}),
        new double[1][1],
        0);
  }

  @Test
  void neighboursCountByTheirNearness() {
    double[][] there = {{0, 0}, {4, 0}, {100, 100}};
    double[][] here = {{10}, {20}, {1_000}};
    double[][] made =
        run(
            WidthPrograms.neighbours(2, 3, 2, 1, 2),
            2,
            1,
            new double[][] {{1, 0}, {2, 0}},
            there,
            here);
    assertNear(made, new double[][] {{(10 + 20 / 3.0) / (1 + 1 / 3.0)}, {15}}, 1e-9);
    double[][] exact =
        run(WidthPrograms.neighbours(1, 3, 2, 1, 2), 1, 1, new double[][] {{4, 0}}, there, here);
    assertThat(exact[0][0]).isCloseTo(20, within(1e-4));
  }

  @Test
  void meansAreOfTheRowsThatAreNamed() {
    double[][] rows = {{1, 10}, {2, 20}, {4, 40}};
    assertNear(
        run(WidthPrograms.meansOfRows(3, 2, new int[][] {{0, 2}, {1}, {0, 0, 1}}), 3, 2, rows),
        new double[][] {{2.5, 25}, {2, 20}, {4 / 3.0, 40 / 3.0}},
        1e-12);
    assertThatThrownBy(() -> WidthPrograms.meansOfRows(3, 2, new int[][] {{3}}))
        .hasMessage("the mean of rows [3], of which there are 3");
    assertThatThrownBy(() -> WidthPrograms.meansOfRows(3, 2, new int[][] {{}}))
        .hasMessageContaining("the mean of rows []");
  }

  @Test
  void sumsAreOfAnchorsThatThereAre() {
    assertThatThrownBy(() -> WidthPrograms.matchingPursuit(1, 3, 2, 2, 4))
        .hasMessage("sums of 4 anchors, of which there are 3");
    assertThatThrownBy(() -> WidthPrograms.neighbours(1, 3, 2, 2, 0)).hasMessageContaining("0");
    assertThatThrownBy(() -> WidthPrograms.leastSquares(3, 2, 2, -1, false))
        .hasMessageContaining("-1.0");
  }

  @Test
  void demandsGrowWithTheWork() {
    Demand few = WidthPrograms.matchingPursuit(64, 100, 8, 8, 2).demand();
    Demand many = WidthPrograms.matchingPursuit(6_400, 100, 8, 8, 2).demand();
    assertThat(many.operations()).isGreaterThan(50 * few.operations());
  }
}
