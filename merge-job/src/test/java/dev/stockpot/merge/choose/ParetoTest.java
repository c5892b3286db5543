package dev.stockpot.merge.choose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sorting by several metrics, by hand and against the definition. */
class ParetoTest {
  @ParameterizedTest
  @CsvSource({
    "1, 1, 0, 0, true",
    "1, 0, 0, 0, true",
    "0, 0, 0, 0, false",
    "1, 0, 0, 1, false",
    "0, 1, 0, 2, false"
  })
  void dominatesWhoIsNowhereWorseAndSomewhereBetter(
      double a, double b, double c, double d, boolean dominates) {
    assertThat(Pareto.dominates(List.of(a, b), List.of(c, d))).isEqualTo(dominates);
  }

  @Test
  void frontsByHand() {
    List<List<Double>> all =
        List.of(
            List.of(1.0, 5.0), // on the front
            List.of(2.0, 3.0), // behind (3, 4)
            List.of(3.0, 4.0), // on the front
            List.of(1.0, 1.0), // behind (2, 3), which is behind (3, 4)
            List.of(4.0, 1.0), // on the front
            List.of(3.0, 4.0)); // as good as the other one: on the front, too
    assertThat(Pareto.fronts(all)).containsExactly(List.of(0, 2, 4, 5), List.of(1), List.of(3));
  }

  @Test
  void nobodyHasNoFronts() {
    assertThat(Pareto.fronts(List.of())).isEmpty();
    assertThat(Pareto.crowding(List.of())).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 5})
  void frontsAreWhatIsLeftOnceThoseBeforeAreTakenAway(int metrics) {
    Random random = new Random(metrics);
    List<List<Double>> all = new ArrayList<>();
    for (int i = 0; i < 120; i++) { // coarse, so that many are equal
      all.add(random.doubles(metrics).mapToObj(value -> Math.rint(value * 6)).toList());
    }
    List<Integer> left = new ArrayList<>();
    for (int i = 0; i < all.size(); i++) {
      left.add(i);
    }
    for (List<Integer> front : Pareto.fronts(all)) {
      List<Integer> expected =
          left.stream()
              .filter(i -> left.stream().noneMatch(j -> Pareto.dominates(all.get(j), all.get(i))))
              .toList();
      assertThat(front).isEqualTo(expected);
      left.removeAll(front);
    }
    assertThat(left).isEmpty();
  }

  @Test
  void crowdingByHand() {
    double[] room =
        Pareto.crowding(
            List.of(List.of(0.0, 10.0), List.of(1.0, 6.0), List.of(4.0, 4.0), List.of(5.0, 0.0)));
    assertThat(room[0]).isInfinite();
    assertThat(room[1]).isCloseTo((4.0 - 0) / 5 + (10.0 - 4) / 10, within(1e-12));
    assertThat(room[2]).isCloseTo((5.0 - 1) / 5 + (6.0 - 0) / 10, within(1e-12));
    assertThat(room[3]).isInfinite();
  }

  @Test
  void aMetricThatIsTheSameForAllCrowdsNobody() {
    double[] room =
        Pareto.crowding(List.of(List.of(0.0, 7.0), List.of(1.0, 7.0), List.of(4.0, 7.0)));
    assertThat(room[1]).isCloseTo(1, within(1e-12));
  }

  @Test
  void theKneeIsNearestToTheBestOfEveryMetric() {
    assertThat(Pareto.knee(List.of(List.of(0.0, 10.0), List.of(4.0, 9.0), List.of(5.0, 0.0))))
        .isEqualTo(1);
    assertThat(Pareto.knee(List.of(List.of(3.0, 3.0)))).isZero();
    assertThat(Pareto.knee(List.of(List.of(0.0, 1.0), List.of(1.0, 0.0)))).as("the first").isZero();
  }
}
