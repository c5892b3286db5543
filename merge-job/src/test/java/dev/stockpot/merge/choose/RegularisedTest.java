package dev.stockpot.merge.choose;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class RegularisedTest {
  @Test
  void ofEquallyGoodPointsTheOneWithTheSmallerPenaltyWins() {
    ListedPoints points = new ListedPoints(List.of(Point.of(0.9), Point.of(0.1), Point.of(0.5)));
    Chooser chooser = Choosers.regularised(points, point -> point.values().get(0));
    chooser.tell(Score.of(1));
    chooser.tell(Score.of(1));
    chooser.tell(Score.of(1));
    assertThat(chooser.best().orElseThrow().point()).isEqualTo(Point.of(0.1));
    assertThat(chooser.best().orElseThrow().score().worth()).hasValue(0.9);
  }

  @Test
  void aBetterScoreOutweighsASmallPenaltyAndFailuresStayFailures() {
    ListedPoints points = new ListedPoints(List.of(Point.of(0.9), Point.of(0.1)));
    Chooser chooser = Choosers.regularised(points, point -> 0.05 * point.values().get(0));
    assertThat(chooser.upcoming(5)).hasSize(2);
    chooser.tell(Score.FAILED);
    assertThat(chooser.verdict()).isEqualTo("failed");
    assertThat(chooser.best()).isEmpty();
    chooser.tell(Score.of(0.5));
    assertThat(chooser.verdict()).isEqualTo("best so far");
    assertThat(chooser.upcoming(1)).isEmpty();
  }
}
