package dev.stockpot.merge.choose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CurveTest {
  @Test
  void aBezierOfThreeHasBernsteinsWeights() {
    assertThat(Curve.BEZIER.weights(1, 4, 3)).containsExactly(0.5625, 0.375, 0.0625);
    assertThat(Curve.BEZIER.weights(2, 4, 3)).containsExactly(0.25, 0.5, 0.25);
  }

  @ParameterizedTest
  @CsvSource({"BEZIER, 2", "BEZIER, 3", "BEZIER, 6", "POLYGON, 2", "POLYGON, 3", "POLYGON, 6"})
  void everyCurveBeginsAtTheFirstModelAndEndsAtTheLast(Curve curve, int models) {
    assertThat(Lists.path(curve, models, 7).get(0)).isEqualTo(Point.only(0, models));
    assertThat(Lists.path(curve, models, 7).get(6)).isEqualTo(Point.only(models - 1, models));
  }

  @ParameterizedTest
  @CsvSource({"BEZIER, 3", "BEZIER, 5", "POLYGON, 3", "POLYGON, 4"})
  void weightsAreSharesOfTheWhole(Curve curve, int models) {
    for (Point point : Lists.path(curve, models, 101)) {
      assertThat(point.values()).allSatisfy(weight -> assertThat(weight).isBetween(0.0, 1.0));
      assertThat(point.values().stream().mapToDouble(Double::doubleValue).sum())
          .isCloseTo(1, within(1e-12));
    }
  }

  @Test
  void aPolygonMeetsTheModelsInBetweenExactly() {
    List<Point> points = Lists.path(Curve.POLYGON, 4, 10);
    assertThat(points.get(3)).isEqualTo(Point.only(1, 4));
    assertThat(points.get(6)).isEqualTo(Point.only(2, 4));
    assertThat(points.get(4).ingredients()).containsExactly(1, 2);
  }

  @Test
  void aPolygonOfThirdsDoesNotMissItsCornerByRounding() {
    for (int points = 3; points < 200; points += 2) {
      assertThat(Lists.path(Curve.POLYGON, 3, points)).contains(Point.only(1, 3));
    }
  }

  @Test
  void betweenTwoModelsBothAreTheLineOfASoup() {
    assertThat(Lists.path(Curve.POLYGON, 2, 11)).isEqualTo(Lists.line(11));
    List<Point> bezier = Lists.path(Curve.BEZIER, 2, 11);
    for (int i = 0; i < 11; i++) {
      double[] straight = Lists.line(11).get(i).toArray();
      assertThat(bezier.get(i).toArray()).containsExactly(straight, within(1e-15));
    }
  }

  @Test
  void aBezierPassesAwayFromTheModelThatBendsIt() {
    double[] middle = Lists.path(Curve.BEZIER, 3, 25).get(12).toArray();
    assertThat(Arrays.stream(middle).max().orElseThrow()).isEqualTo(0.5);
  }
}
