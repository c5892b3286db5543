package dev.stockpot.merge.choose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class ListsTest {
  @Test
  void aGridHasAllCombinationsTheLastDimensionFastest() {
    assertThat(Lists.grid(List.of(2, 3)))
        .containsExactly(
            Point.of(0, 0),
            Point.of(0, .5),
            Point.of(0, 1),
            Point.of(1, 0),
            Point.of(1, .5),
            Point.of(1, 1));
    assertThat(Lists.grid(List.of(1))).containsExactly(Point.of(.5));
  }

  @Test
  void aGridThatNobodyCanPayForIsRefused() {
    assertThatThrownBy(() -> Lists.grid(List.of(1000, 1000, 2)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Lists.grid(List.of(1000, 1000, 1000, 1000, 1000, 1000, 1000)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aLongerListOfDrawsBeginsWithTheShorterOne() {
    List<Point> few = Lists.random(3, 5, 42);
    assertThat(Lists.random(3, 50, 42)).startsWith(few.toArray(new Point[0]));
    assertThat(Lists.random(3, 5, 43)).isNotEqualTo(few);
  }

  @Test
  void sobolPointsBeginInTheMiddleAndFillTheCubeEvenly() {
    List<Point> points = Lists.sobol(2, 255, 0);
    assertThat(points.get(0)).isEqualTo(Point.of(.5, .5));
    long[] boxes = new long[16];
    for (Point point : points) {
      int row = (int) (point.values().get(0) * 4);
      int column = (int) (point.values().get(1) * 4);
      boxes[row * 4 + column]++;
    }
    assertThat(boxes).containsOnly(15L, 16L); // 256 with the corner that is left out
  }

  @Test
  void aSeedShiftsTheSobolSequenceWithinTheCube() {
    List<Point> points = Lists.sobol(3, 100, 7);
    assertThat(points).isNotEqualTo(Lists.sobol(3, 100, 0)).doesNotHaveDuplicates();
    assertThat(points)
        .allSatisfy(
            point -> assertThat(point.values()).allSatisfy(v -> assertThat(v).isBetween(0.0, 1.0)));
  }

  @Test
  void aLineHasBothItsEnds() {
    assertThat(Lists.line(3)).containsExactly(Point.of(1, 0), Point.of(.5, .5), Point.of(0, 1));
  }

  @Test
  void windowsAreMeansOfNeighboursTheLastFirst() {
    WindowAverage simple = new WindowAverage(WindowAverage.Kind.SMA, 0);
    assertThat(Lists.windows(4, List.of(2, 9), 2, simple))
        .containsExactly(Point.of(0, 0, 1, 1), Point.of(1, 1, 0, 0));
  }

  @Test
  void theNewestOfAWindowCountsMostWhereItIsWeighted() {
    WindowAverage weighted = new WindowAverage(WindowAverage.Kind.WMA, 0);
    assertThat(Lists.windows(4, List.of(3), 1, weighted))
        .containsExactly(Point.of(0, 1, 2, 3), Point.of(1, 2, 3, 0));
  }

  @Test
  void theFirstOfTheBestListedPointsWins() {
    ListedPoints listed = new ListedPoints(Lists.line(5));
    assertThat(listed.upcoming(3)).hasSize(3);
    assertThat(Trying.worths(listed, point -> Math.min(point.values().get(1), .5))).hasSize(5);
    assertThat(listed.best().orElseThrow().point()).isEqualTo(Point.of(.5, .5));
    assertThatThrownBy(() -> listed.tell(Score.FAILED)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aListOfFailuresHasNoBest() {
    ListedPoints listed = new ListedPoints(Lists.line(2));
    Trying.all(listed, point -> Score.FAILED);
    assertThat(listed.best()).isEmpty();
    assertThat(listed.verdict()).isEqualTo("failed");
  }
}
