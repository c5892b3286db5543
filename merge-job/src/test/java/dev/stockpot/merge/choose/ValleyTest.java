package dev.stockpot.merge.choose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class ValleyTest {
  private static final Valley.Rules DEFAULTS = new Valley.Rules(3, 6, 1.3);
  private static final double NO = Double.POSITIVE_INFINITY;

  private static Optional<Valley> of(int converge, int tolerance, double ratio, double... losses) {
    return Valley.of(losses, new Valley.Rules(converge, tolerance, ratio));
  }

  @Test
  void itBeginsWithTheFirstLossThatTheNextOnesDoNotUndercut() {
    // 5 and 4 are undercut by what follows, 2 is not
    assertThat(of(3, 2, 1.5, 5, 4, 2, 2.5, 2.2, 2.1)).contains(new Valley(2, 5));
  }

  @Test
  void itEndsBeforeSoManyInARowThatAreTooHigh() {
    // floor (1 + 1.2 + 1.1) / 3 = 1.1, too high above 1.43; one dip in between is tolerated
    assertThat(of(3, 2, 1.3, 1, 1.2, 1.1, 1.5, 1.4, 1.5, 1.6, 1.0)).contains(new Valley(0, 4));
  }

  @Test
  void aRunThatStaysLowEndsWithItself() {
    assertThat(of(3, 2, 1.3, 3, 1, 1.1, 1.2, 1.1, 1.2)).contains(new Valley(1, 5));
  }

  @Test
  void equalLossesBeginAtTheFirst() {
    assertThat(of(3, 6, 1.3, 1, 1, 1, 1)).contains(new Valley(0, 3));
  }

  @Test
  void aRunThatStillFallsHasNone() {
    assertThat(Valley.of(new double[] {5, 4, 3, 2, 1}, DEFAULTS)).isEmpty();
    assertThat(Valley.of(new double[] {5, 4}, DEFAULTS)).isEmpty();
  }

  @Test
  void fewerThanTheToleranceAtTheEndAreNoEnd() {
    assertThat(of(2, 6, 1.3, 1, 1.1, 9, 9, 9, 9, 9)).contains(new Valley(0, 6));
    assertThat(of(2, 5, 1.3, 1, 1.1, 9, 9, 9, 9, 9)).contains(new Valley(0, 1));
  }

  @Test
  void checkpointsThatCouldNotBeScoredNeitherBeginNorCount() {
    Valley valley = of(2, 3, 1.3, NO, 1, NO, 1.1, 1.2).orElseThrow();
    assertThat(valley).isEqualTo(new Valley(1, 4));
    assertThat(valley.scored(new double[] {NO, 1, NO, 1.1, 1.2})).containsExactly(1, 3, 4);
    assertThat(of(2, 3, 1.3, NO, NO, NO)).isEmpty();
  }

  @Test
  void rulesThatFindNothingAreRefused() {
    assertThatThrownBy(() -> new Valley.Rules(0, 1, 1.3)).hasMessageContaining("converge 0");
    assertThatThrownBy(() -> new Valley.Rules(1, 0, 1.3)).hasMessageContaining("tolerance 0");
    assertThatThrownBy(() -> new Valley.Rules(1, 1, 0.9)).hasMessageContaining("ratio 0.9");
    assertThatThrownBy(() -> new Valley.Rules(1, 1, Double.NaN)).hasMessageContaining("NaN");
    assertThatThrownBy(() -> new Valley(3, 2)).hasMessageContaining("from 3 to 2");
  }
}
