package dev.stockpot.merge.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.merge.recipe.RankRule.Kind;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RankRuleTest {
  private static final double[] VALUES = {4, 3, 2, 1}; // squares 16, 9, 4, 1 of 30

  private static RankRule rule(Kind kind, double value) {
    return new RankRule(kind, value, RankRule.ANY);
  }

  private static int rank(RankRule rule) {
    return rule.rank(VALUES, 30, VALUES.length).getAsInt();
  }

  @ParameterizedTest
  @CsvSource({"0.1, 1", "0.53, 1", "0.54, 2", "0.83, 2", "0.84, 3", "0.97, 4", "1, 4"})
  void keepsAsFewAsHaveTheShareOfTheSquares(double share, int rank) {
    assertThat(rank(rule(Kind.ENERGY, share))).isEqualTo(rank);
  }

  @ParameterizedTest
  @CsvSource({"0, 4", "0.18, 4", "0.19, 3", "0.4, 3", "0.41, 2", "0.68, 2", "0.69, 1", "1, 0"})
  void keepsAsFewAsLeaveNoMoreThanTheError(double error, int rank) {
    assertThat(rank(rule(Kind.ERROR, error))).isEqualTo(rank);
  }

  @ParameterizedTest
  @CsvSource({"0, 4", "0.99, 4", "1, 3", "2.5, 2", "4, 0", "100, 0"})
  void keepsWhatIsAboveTheThreshold(double threshold, int rank) {
    assertThat(rank(rule(Kind.THRESHOLD, threshold))).isEqualTo(rank);
  }

  @Test
  void asksForMoreValuesWhereThoseThatAreKnownDoNotTell() {
    double[] first = {4, 3};
    assertThat(rule(Kind.ENERGY, 0.5).rank(first, 30, 4)).hasValue(1);
    assertThat(rule(Kind.ENERGY, 0.8).rank(first, 30, 4)).hasValue(2);
    assertThat(rule(Kind.ENERGY, 0.9).rank(first, 30, 4)).isEqualTo(OptionalInt.empty());
    assertThat(rule(Kind.ERROR, 0.1).rank(first, 30, 4)).isEqualTo(OptionalInt.empty());
    assertThat(rule(Kind.THRESHOLD, 3.5).rank(first, 30, 4)).hasValue(1);
    assertThat(rule(Kind.THRESHOLD, 2.5).rank(first, 30, 4)).isEqualTo(OptionalInt.empty());
  }

  @Test
  void neverKeepsMoreThanTheLimit() {
    RankRule capped = new RankRule(Kind.ENERGY, 0.99, 2);
    assertThat(capped.most(100, 7)).isEqualTo(2);
    assertThat(capped.rank(new double[] {4, 3}, 30, 2)).hasValue(2);
    assertThat(RankRule.number(64).most(100, 7)).isEqualTo(7);
    assertThat(RankRule.number(64).rank(new double[0], 30, 7)).isEqualTo(OptionalInt.empty());
  }

  @Test
  void keepsAllWhereRoundingHidesThatTheSumIsReached() {
    double[] thirds = {1.0 / 3, 1.0 / 3, 1.0 / 3};
    double squares = Math.nextUp(3 * (1.0 / 9));
    assertThat(rule(Kind.ENERGY, 1).rank(thirds, squares, 3)).hasValue(3);
  }

  @Test
  void aNumberLooksAtNoValues() {
    assertThat(RankRule.number(4).looksAtValues()).isFalse();
    assertThat(rule(Kind.ERROR, 0.5).looksAtValues()).isTrue();
  }

  @Test
  void readsAsInARecipe() {
    assertThat(RankRule.number(4)).hasToString("rank: 4");
    assertThat(rule(Kind.ENERGY, 0.9)).hasToString("energy: 0.9");
    assertThat(new RankRule(Kind.ERROR, 0.1, 8)).hasToString("error: 0.1, rank: 8");
  }

  @ParameterizedTest
  @CsvSource({"ENERGY, 1.5, 4", "ERROR, -1, 4", "THRESHOLD, NaN, 4", "NUMBER, 0, 0"})
  void refusesNonsense(Kind kind, double value, int most) {
    assertThatThrownBy(() -> new RankRule(kind, value, most))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(kind.name());
  }
}
