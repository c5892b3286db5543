package dev.stockpot.merge.choose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Search by several metrics, on problems whose fronts are known. */
class Nsga2Test {
  private static final int DIMENSIONS = 10;

  private static Nsga2 search(int evaluations, long seed, boolean picksKnee) {
    return new Nsga2(
        new Point(Collections.nCopies(DIMENSIONS, 0.5)),
        new Nsga2Rules(40, evaluations, seed, picksKnee));
  }

  private static Score score(double... costs) {
    List<Double> objectives = new ArrayList<>();
    double worth = 0;
    for (double cost : costs) {
      objectives.add(-cost);
      worth -= cost;
    }
    return new Score(OptionalDouble.of(worth), OptionalDouble.empty(), objectives);
  }

  /** Zitzler, Deb and Thiele's first (front f2 = 1 − √f1) and second (1 − f1²), both minimised. */
  private static Score zdt(Point point, boolean isFirst) {
    List<Double> x = point.values();
    double sum = x.stream().skip(1).mapToDouble(Double::doubleValue).sum();
    double g = 1 + 9 * sum / (x.size() - 1);
    double share = x.get(0) / g;
    return score(x.get(0), g * (1 - (isFirst ? Math.sqrt(share) : share * share)));
  }

  /** The area that a front of costs dominates, up to (1.1, 1.1). */
  private static double hypervolume(List<Score> front) {
    List<List<Double>> costs =
        front.stream()
            .map(score -> List.of(-score.objectives().get(0), -score.objectives().get(1)))
            .sorted(Comparator.comparing(cost -> cost.get(0)))
            .toList();
    double area = 0;
    double above = 1.1;
    for (List<Double> cost : costs) {
      if (cost.get(0) < 1.1 && cost.get(1) < above) {
        area += (1.1 - cost.get(0)) * (above - cost.get(1));
        above = cost.get(1);
      }
    }
    return area;
  }

  private static double found(boolean isFirst, int evaluations, long seed) {
    Nsga2 search = search(evaluations, seed, false);
    Map<Point, Score> scores = new HashMap<>();
    Trying.all(search, point -> scores.computeIfAbsent(point, any -> zdt(any, isFirst)));
    return hypervolume(search.front().stream().map(scores::get).toList());
  }

  @Test
  void findsTheFrontOfZdt1() { // all of it: 1.21 - ∫(1 - √x) - 0 = 0.8767
    assertThat(found(true, 6000, 1)).isBetween(0.86, 0.8767);
    assertThat(found(true, 6000, 2)).isBetween(0.86, 0.8767);
  }

  @Test
  void findsTheFrontOfZdt2() { // not convex, so no weights of the metrics find its middle: 0.5433
    assertThat(found(false, 6000, 1)).isBetween(0.52, 0.5434);
  }

  @Test
  void isFarBetterThanDrawsAtTheSamePrice() {
    List<Score> draws = new ArrayList<>();
    for (Point point : Lists.random(DIMENSIONS, 2000, 5)) {
      draws.add(zdt(point, true));
    }
    assertThat(found(true, 2000, 5)).isGreaterThan(hypervolume(draws) + 0.2);
  }

  @Test
  void nothingOnTheFrontIsDominatedByAnythingThatWasTried() {
    Nsga2 search = search(500, 3, false);
    Map<Point, Score> scores = new HashMap<>();
    Trying.all(search, point -> scores.computeIfAbsent(point, any -> zdt(any, true)));
    for (Point point : search.front()) {
      List<Double> own = scores.get(point).objectives();
      assertThat(scores.values()).noneMatch(other -> Pareto.dominates(other.objectives(), own));
    }
    assertThat(search.front()).contains(search.best().orElseThrow().point());
  }

  @Test
  void thePickIsTheWorthiestOrTheKnee() {
    // a front with a bulge at 0.9, 0.9, and an end that one weight makes worth more
    Function<Point, Score> bulge =
        point -> {
          double x = point.values().get(0);
          double y = x <= 0.9 ? 1 - 0.1 * x / 0.9 : 0.9 * (1 - x) / 0.1;
          return new Score(OptionalDouble.of(10 * x + y), OptionalDouble.empty(), List.of(x, y));
        };
    Nsga2 weights = search(600, 1, false);
    Trying.all(weights, bulge);
    Nsga2 knee = search(600, 1, true);
    Trying.all(knee, bulge);
    assertThat(weights.best().orElseThrow().point().values().get(0)).isGreaterThan(0.98);
    assertThat(knee.best().orElseThrow().point().values().get(0)).isBetween(0.85, 0.95);
  }

  @Test
  void theSameScoresLeadToTheSameProposalsAndAreEnoughToGoOn() {
    List<Point> once = Trying.all(search(200, 7, false), point -> zdt(point, true));
    assertThat(Trying.all(search(200, 7, false), point -> zdt(point, true))).isEqualTo(once);
    assertThat(Trying.all(search(200, 8, false), point -> zdt(point, true))).isNotEqualTo(once);
    Nsga2 lost = search(200, 7, false);
    once.subList(0, 130).forEach(point -> lost.tell(zdt(point, true)));
    assertThat(Trying.all(lost, point -> zdt(point, true))).isEqualTo(once.subList(130, 200));
  }

  @Test
  void asksForNoPointTwiceAndForNoMoreThanItsBudget() {
    List<Point> tried = Trying.all(search(333, 7, false), point -> zdt(point, true));
    assertThat(tried).hasSize(333).doesNotHaveDuplicates();
    assertThat(tried.get(0).values()).containsOnly(0.5);
  }

  @Test
  void whatCannotBeEvaluatedHasNoChildren() {
    Nsga2 search = search(400, 7, false);
    List<Point> tried =
        Trying.all(search, point -> point.values().get(0) > 0.5 ? Score.FAILED : zdt(point, true));
    assertThat(tried.subList(360, 400))
        .filteredOn(point -> point.values().get(0) > 0.5)
        .hasSizeLessThan(12);
    assertThat(search.front()).noneMatch(point -> point.values().get(0) > 0.5);
  }

  @Test
  void whereNothingCanBeEvaluatedThereIsNoChoice() {
    Nsga2 search = search(100, 7, true);
    assertThat(Trying.all(search, point -> Score.FAILED)).hasSize(100);
    assertThat(search.best()).isEmpty();
    assertThat(search.front()).isEmpty();
    assertThat(search.verdict()).isEqualTo("failed");
  }

  @Test
  void saysWhetherACandidateIsOnTheFront() {
    Nsga2 search = search(100, 7, true);
    search.tell(score(1, 1));
    assertThat(search.verdict()).isEqualTo("on the front");
    search.tell(score(2, 1));
    assertThat(search.verdict()).isEqualTo("dominated");
    search.tell(score(0, 3));
    assertThat(search.verdict()).isEqualTo("on the front");
    assertThat(search.front()).hasSize(2);
    search.tell(score(0, 0));
    assertThat(search.front()).hasSize(1);
  }

  @Test
  void needsAPopulation() {
    assertThatThrownBy(() -> new Nsga2Rules(3, 10, 1, true))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Nsga2Rules(4, 0, 1, true))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
