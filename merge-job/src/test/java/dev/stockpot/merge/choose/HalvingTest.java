package dev.stockpot.merge.choose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.merge.choose.HalvingRules.Rung;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Races in which ever fewer candidates are evaluated on ever more examples. */
class HalvingTest {
  private static final HalvingRules RULES = HalvingRules.of(9, 10, 90, 3);

  private static Halving race() {
    return new Halving(Lists.grid(List.of(9)), RULES);
  }

  @Test
  void rungsGrowByEtaUpToTheMost() {
    assertThat(RULES.rungs()).containsExactly(new Rung(10, 9), new Rung(30, 3), new Rung(90, 1));
    assertThat(RULES.evaluations()).isEqualTo(13);
    assertThat(HalvingRules.of(27, 50, 1000, 4).rungs())
        .containsExactly(new Rung(62, 27), new Rung(250, 6), new Rung(1000, 1));
    assertThat(HalvingRules.of(5, 100, 100, 2).rungs()).containsExactly(new Rung(100, 5));
    assertThat(HalvingRules.of(2, 1, 100, 10).rungs())
        .as("one candidate goes on to the end")
        .containsExactly(new Rung(1, 2), new Rung(10, 1), new Rung(100, 1));
  }

  @Test
  void theBestOfARungGoOn() {
    Halving race = race();
    List<Point> tried = Trying.worths(race, point -> -Math.abs(point.values().get(0) - 0.7));
    assertThat(tried).hasSize(13);
    assertThat(tried.subList(0, 9)).allMatch(point -> point.budget() == 10);
    assertThat(tried.subList(9, 12))
        .containsExactly(Point.of(0.75).on(30), Point.of(0.625).on(30), Point.of(0.875).on(30));
    assertThat(tried.get(12)).isEqualTo(Point.of(0.75).on(90));
    assertThat(race.best().orElseThrow().point()).isEqualTo(Point.of(0.75).on(90));
  }

  /** Few examples flatter: a worse score on more of them counts all the same. */
  @Test
  void scoresOfDifferentRungsAreNotCompared() {
    Halving race = race();
    Trying.worths(race, point -> point.values().get(0) - point.budget());
    assertThat(race.best().orElseThrow().point()).isEqualTo(Point.of(1).on(90));
    assertThat(race.best().orElseThrow().score().orLowest()).isEqualTo(-89);
  }

  @Test
  void ofEquallyGoodOnesTheEarlierGoOn() {
    List<Point> tried = Trying.worths(race(), point -> 1);
    assertThat(tried.subList(9, 12))
        .containsExactly(Point.of(0).on(30), Point.of(0.125).on(30), Point.of(0.25).on(30));
  }

  @Test
  void whatFailedNeverGoesOn() {
    Halving race = race();
    List<Point> tried =
        Trying.all(
            race, point -> point.values().get(0) > 0.1 ? Score.FAILED : Score.of(point.budget()));
    assertThat(tried).hasSize(11);
    assertThat(race.best().orElseThrow().point()).isEqualTo(Point.of(0).on(90));
    Halving hopeless = race();
    assertThat(Trying.all(hopeless, point -> Score.FAILED)).hasSize(9);
    assertThat(hopeless.best()).isEmpty();
    assertThat(hopeless.verdict()).isEqualTo("failed");
  }

  @Test
  void aLastRungThatFailsLeavesTheBestOfTheOneBefore() {
    Halving race = race();
    Trying.all(
        race, point -> point.budget() == 90 ? Score.FAILED : Score.of(point.values().get(0)));
    assertThat(race.best().orElseThrow().point()).isEqualTo(Point.of(1).on(30));
  }

  @Test
  void nothingIsCertainBeyondARung() {
    Halving race = race();
    assertThat(race.upcoming(100)).hasSize(9);
    for (int i = 0; i < 8; i++) {
      race.tell(Score.of(i));
    }
    assertThat(race.upcoming(100)).hasSize(1);
    race.tell(Score.of(3));
    assertThat(race.upcoming(100)).hasSize(3);
  }

  @Test
  void rungsThatAreNoneAreRefused() {
    assertThatThrownBy(() -> new HalvingRules(List.of()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Rung(0, 1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Halving(Lists.grid(List.of(8)), RULES))
        .isInstanceOf(IllegalArgumentException.class);
    Halving over = race();
    Trying.worths(over, point -> 1);
    assertThatThrownBy(() -> over.tell(Score.of(1))).isInstanceOf(IllegalStateException.class);
  }
}
