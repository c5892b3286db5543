package dev.stockpot.merge.choose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.merge.choose.SoupRules.Order;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What models are worth alone says in which order they are tried. */
class SinglesTest {
  private static Singles singles(Mixing mixing, Order order, boolean laterFirst, Double... worths) {
    Singles singles =
        new Singles(
            worths.length,
            new SoupRules(mixing, Acceptance.GREATER, order, laterFirst, 1, worths.length, 7));
    for (Double worth : worths) {
      singles.tell(worth == null ? Score.FAILED : Score.of(worth));
    }
    return singles;
  }

  private static Singles greedy(boolean laterFirst, Double... worths) {
    return singles(new Mixing.OneMore(), Order.METRIC, laterFirst, worths);
  }

  @Test
  void theBestComesFirstAndOfEqualsTheEarlier() {
    assertThat(greedy(false, 0.5, 0.9, 0.5, 0.7).order()).containsExactly(1, 3, 0, 2);
    assertThat(greedy(true, 0.5, 0.9, 0.5, 0.7).order()).containsExactly(1, 3, 2, 0);
  }

  @Test
  void theWorstComesFirstWhereModelsAreLeftOut() {
    assertThat(singles(new Mixing.LeftOut(), Order.METRIC, false, 0.5, 0.9, 0.5, 0.7).order())
        .containsExactly(0, 2, 3, 1);
  }

  @Test
  void whatCouldNotBeEvaluatedIsNotTried() {
    assertThat(greedy(false, null, 0.9, null, 1.0).order()).containsExactly(3, 1);
    assertThat(greedy(false, null, null).order()).isEmpty();
    assertThat(greedy(false, null, null).best()).isEmpty();
  }

  @Test
  void theRecipesOrderIsKeptWhereThatIsAsked() {
    assertThat(singles(new Mixing.OneMore(), Order.GIVEN, false, 0.1, 0.9, 0.5).order())
        .containsExactly(0, 1, 2);
    assertThat(singles(new Mixing.OneMore(), Order.GIVEN, true, 0.1, 0.9, 0.5).order())
        .containsExactly(0, 1, 2);
  }

  @Test
  void aRandomOrderIsTheSameEachTime() {
    Double[] worths = {0.1, 0.9, 0.5, 0.3, null, 0.2};
    List<Integer> order = singles(new Mixing.OneMore(), Order.RANDOM, false, worths).order();
    assertThat(order).containsExactlyInAnyOrder(0, 1, 2, 3, 5);
    assertThat(singles(new Mixing.OneMore(), Order.RANDOM, true, worths).order()).isEqualTo(order);
  }

  @Test
  void theBestAloneIsTheFirstOfEqualsUnlessTheLastIsWanted() {
    assertThat(greedy(false, 0.9, 0.1, 0.9).best().orElseThrow().point())
        .isEqualTo(Point.only(0, 3));
    assertThat(greedy(true, 0.9, 0.1, 0.9).best().orElseThrow().point())
        .isEqualTo(Point.only(2, 3));
    assertThat(greedy(false, -5.0, null).best().orElseThrow().score()).isEqualTo(Score.of(-5));
  }

  @Test
  void oneHelpingMoreIsAddedToASoup() {
    assertThat(new Mixing.OneMore().with(Point.of(1, 0, 2), 1)).containsExactly(Point.of(1, 1, 2));
    assertThat(new Mixing.OneMore().with(Point.of(1, 0, 2), 2)).containsExactly(Point.of(1, 0, 3));
  }

  @Test
  void aShareOfASoupIsReplaced() {
    Mixing mixing = new Mixing.Interpolated(List.of(0.25, 1.0));
    assertThat(mixing.with(Point.of(1, 0), 1))
        .containsExactly(Point.of(0.75, 0.25), Point.of(0, 1));
    for (double share : new double[] {0, -0.1, 1.1, Double.NaN}) {
      assertThatThrownBy(() -> new Mixing.Interpolated(List.of(share)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("share is %s, must be in (0, 1]".formatted(share));
    }
  }

  @Test
  void theLastIngredientStays() {
    Mixing mixing = new Mixing.LeftOut();
    assertThat(mixing.with(Point.of(1, 1, 1), 1)).containsExactly(Point.of(1, 0, 1));
    assertThat(mixing.with(Point.of(1, 0, 1), 1)).as("it is out already").isEmpty();
    assertThat(mixing.with(Point.of(0, 1, 0), 1)).isEmpty();
  }

  @Test
  void pointsAndScoresAreNumbers() {
    assertThat(Point.of(0, 0.5, -1).ingredients()).containsExactly(1, 2);
    assertThatThrownBy(() -> Point.of(1, Double.NaN)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Point.of(Double.POSITIVE_INFINITY))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Score.of(Double.NaN)).isInstanceOf(IllegalArgumentException.class);
    assertThat(Score.FAILED.orLowest()).isLessThan(Score.of(-Double.MAX_VALUE).orLowest());
  }
}
