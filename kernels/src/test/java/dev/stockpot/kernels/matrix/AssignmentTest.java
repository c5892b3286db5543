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
