package dev.stockpot.kernels.matrix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Collections;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class AssignmentTest {
  @Property(tries = 300)
  void costsAsLittleAsTheBestOfAllPermutations(
      @ForAll @IntRange(min = 1, max = 6) int rows,
      @ForAll @IntRange(min = 1, max = 6) int columns,
      @ForAll long seed) {
    double[][] costs = Plain.random(rows, columns, seed);
    assertThat(cost(costs, least(costs))).isCloseTo(best(costs), within(1e-12));
  }

  @Property(tries = 300)
  void manyEqualCostsAreNoTrap(
      @ForAll @IntRange(min = 1, max = 6) int rows,
      @ForAll @IntRange(min = 1, max = 6) int columns,
      @ForAll long seed) {
    double[][] costs = new double[rows][columns];
    Random random = new Random(seed);
    for (double[] row : costs) {
      for (int j = 0; j < columns; j++) {
        row[j] = random.nextInt(3);
      }
    }
    assertThat(cost(costs, least(costs))).isEqualTo(best(costs));
  }

  /** Rows that bid for the same columns, with differences of a rounding and below. */
  @Property(tries = 200)
  void costsThatDifferByARoundingEnd(@ForAll @IntRange(min = 2, max = 6) int n, @ForAll long seed) {
    double[][] costs = new double[n][n];
    Random random = new Random(seed);
    for (double[] row : costs) {
      for (int j = 0; j < n; j++) {
        row[j] = 1e6 + random.nextInt(3) * Math.ulp(1e6);
      }
    }
    assertThat(cost(costs, least(costs))).isCloseTo(best(costs), within(n * Math.ulp(n * 1e6)));
  }

  /** Prices fall by ever less, so that bids end before they agree. */
  @Test
  void rowsThatOutbidEachOtherByLittleEnd() {
    int n = 200;
    double[][] costs = new double[n][n];
    for (double[] row : costs) {
      Arrays.fill(row, 1e9);
      row[0] = 0;
      row[1] = 1e-6;
      row[2] = 3e-6;
    }
    for (int i = 3; i < n; i++) {
      costs[i][i] = 1;
    }
    int[] assigned = least(costs);
    assertThat(cost(costs, assigned)).isCloseTo(n - 3 + 4e-6, within(1e-6));
    assertThat(Arrays.stream(assigned).sorted().toArray())
        .isEqualTo(IntStream.range(0, n).toArray());
  }

  /** As many rows as a network has units, with columns to spare: none of those has a price. */
  @Property(tries = 100)
  void columnsToSpareCostNothing(
      @ForAll @IntRange(min = 1, max = 4) int rows,
      @ForAll @IntRange(min = 5, max = 7) int columns,
      @ForAll long seed) {
    double[][] costs = Plain.random(rows, columns, seed);
    double[][] gains = new double[rows][columns];
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        gains[i][j] = -costs[i][j];
      }
    }
    int[] least = least(costs);
    assertThat(cost(costs, least)).isCloseTo(best(costs), within(1e-12));
    try (Algebra algebra = Algebra.lanes()) {
      assertThat(algebra.matrices().assignmentOfMost(algebra.matrix(gains))).isEqualTo(least);
    }
  }

  @Test
  void findsAHiddenPermutation() {
    int n = 300;
    int[] hidden = new Random(3).ints(0, n).distinct().limit(n).toArray();
    double[][] gains = Plain.random(n, n, 4);
    for (int i = 0; i < n; i++) {
      gains[i][hidden[i]] += 10;
    }
    try (Algebra algebra = Algebra.lanes()) {
      assertThat(algebra.matrices().assignmentOfMost(algebra.matrix(gains))).isEqualTo(hidden);
    }
  }

  /** No row and column can do better alone: the certificate of linear programming, by exchanges. */
  @Test
  void noExchangeOfTwoRowsIsCheaper() {
    double[][] costs = Plain.random(200, 260, 5);
    int[] assigned = least(costs);
    boolean[] taken = new boolean[260];
    for (int column : assigned) {
      assertThat(taken[column]).isFalse();
      taken[column] = true;
    }
    for (int i = 0; i < 200; i++) {
      for (int k = 0; k < i; k++) {
        double now = costs[i][assigned[i]] + costs[k][assigned[k]];
        double exchanged = costs[i][assigned[k]] + costs[k][assigned[i]];
        assertThat(exchanged).isGreaterThanOrEqualTo(now - 1e-12);
      }
      for (int j = 0; j < 260; j++) {
        if (!taken[j]) {
          assertThat(costs[i][j]).isGreaterThanOrEqualTo(costs[i][assigned[i]] - 1e-12);
        }
      }
    }
  }

  @Test
  void rowsThatFindNoColumnHaveNone() {
    double[][] costs = {{5, 1}, {1, 5}, {0, 0}, {9, 9}};
    int[] assigned = least(costs);
    assertThat(Arrays.stream(assigned).filter(column -> column < 0)).hasSize(2);
    assertThat(cost(costs, assigned)).isEqualTo(1);
    assertThat(assigned[3]).isEqualTo(-1);
  }

  @Test
  void equalCostsGiveTheSameAssignmentEveryTime() {
    int[] first = least(new double[40][40]);
    assertThat(first).isEqualTo(least(new double[40][40]));
    assertThat(Arrays.stream(first).sorted().toArray()).isEqualTo(IntStream.range(0, 40).toArray());
  }

  @Test
  void permutedRowsGivePermutedResults() {
    double[][] costs = Plain.random(30, 30, 6);
    double[][] turned = costs.clone();
    Collections.reverse(Arrays.asList(turned));
    int[] straight = least(costs);
    int[] reversed = least(turned);
    for (int i = 0; i < 30; i++) {
      assertThat(reversed[29 - i]).isEqualTo(straight[i]);
    }
  }

  @Test
  void refusesCostsThatAreNoNumbers() {
    double[][] costs = {{1, Double.POSITIVE_INFINITY}, {1, 2}};
    assertThatThrownBy(() -> least(costs))
        .hasMessage("Matrix[2 x 2] holds Infinity at row 0, column 1");
  }

  private static int[] least(double[][] costs) {
    try (Algebra algebra = Algebra.lanes()) {
      return algebra.matrices().assignment(algebra.matrix(costs));
    }
  }

  private static double cost(double[][] costs, int[] assigned) {
    double sum = 0;
    for (int i = 0; i < assigned.length; i++) {
      sum += assigned[i] < 0 ? 0 : costs[i][assigned[i]];
    }
    return sum;
  }

  /** By trying all. */
  private static double best(double[][] costs) {
    return costs.length <= costs[0].length
        ? best(costs, 0, new boolean[costs[0].length])
        : best(Plain.transpose(costs), 0, new boolean[costs.length]);
  }

  private static double best(double[][] costs, int row, boolean[] taken) {
    if (row == costs.length) {
      return 0;
    }
    double least = Double.POSITIVE_INFINITY;
    for (int j = 0; j < taken.length; j++) {
      if (!taken[j]) {
        taken[j] = true;
        least = Math.min(least, costs[row][j] + best(costs, row + 1, taken));
        taken[j] = false;
      }
    }
    return least;
  }
}
