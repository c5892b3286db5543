package dev.stockpot.merge.choose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.merge.choose.SoupRules.Order;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class StepwiseSoupTest {

  /**
   * Worked by hand from the reference's rules: singles .70 .80 .60 .80 .75; order 1 3 4 0 2; with 3
   * it is .82 (taken), with 4 .82 (not better), with 0 .83 (taken), with 2 .50 (not).
   */
  private static final Map<Point, Double> WORKED =
      Map.of(
          Point.of(1, 0, 0, 0, 0), .70,
          Point.of(0, 1, 0, 0, 0), .80,
          Point.of(0, 0, 1, 0, 0), .60,
          Point.of(0, 0, 0, 1, 0), .80,
          Point.of(0, 0, 0, 0, 1), .75,
          Point.of(0, 1, 0, 1, 0), .82,
          Point.of(0, 1, 0, 1, 1), .82,
          Point.of(1, 1, 0, 1, 0), .83,
          Point.of(1, 1, 1, 1, 0), .50);

  private static SoupRules rules(Mixing mixing, Acceptance accept, Order order, int passes) {
    return new SoupRules(mixing, accept, order, false, passes, Integer.MAX_VALUE, 7);
  }

  @Test
  void followsTheReferenceLetterByLetter() {
    StepwiseSoup soup = new StepwiseSoup(5, SoupRules.greedy());
    List<Point> tried = Trying.worths(soup, WORKED::get);
    assertThat(tried)
        .containsExactly(
            Point.only(0, 5),
            Point.only(1, 5),
            Point.only(2, 5),
            Point.only(3, 5),
            Point.only(4, 5),
            Point.of(0, 1, 0, 1, 0),
            Point.of(0, 1, 0, 1, 1),
            Point.of(1, 1, 0, 1, 0),
            Point.of(1, 1, 1, 1, 0));
    assertThat(tried).hasSize(2 * 5 - 1);
    assertThat(soup.best().orElseThrow().point()).isEqualTo(Point.of(1, 1, 0, 1, 0));
    assertThat(soup.best().orElseThrow().score()).isEqualTo(Score.of(.83));
  }

  @Test
  void ofEqualModelsTheEarlierComesFirstUnlessTheReferenceIsWanted() {
    SoupRules later =
        new SoupRules(
            new Mixing.OneMore(), Acceptance.GREATER, Order.METRIC, true, 1, Integer.MAX_VALUE, 0);
    List<Point> tried = Trying.worths(new StepwiseSoup(3, later), point -> .5);
    assertThat(tried.get(3)).isEqualTo(Point.of(0, 1, 1));
    tried = Trying.worths(new StepwiseSoup(3, SoupRules.greedy()), point -> .5);
    assertThat(tried.get(3)).isEqualTo(Point.of(1, 1, 0));
  }

  @Test
  void equalScoresAreTakenWhereThatIsAsked() {
    StepwiseSoup strict = new StepwiseSoup(3, SoupRules.greedy());
    Trying.worths(strict, point -> .5);
    assertThat(strict.best().orElseThrow().point()).isEqualTo(Point.only(0, 3));
    StepwiseSoup lenient =
        new StepwiseSoup(3, rules(new Mixing.OneMore(), Acceptance.GREATER_EQUAL, Order.METRIC, 1));
    Trying.worths(lenient, point -> .5);
    assertThat(lenient.best().orElseThrow().point()).isEqualTo(Point.of(1, 1, 1));
  }

  @Test
  void aGainMustBeAsLargeAsItIsAskedToBe() {
    SoupRules rules =
        rules(new Mixing.OneMore(), new Acceptance(Acceptance.Kind.MIN_GAIN, .03), Order.METRIC, 1);
    StepwiseSoup soup = new StepwiseSoup(5, rules);
    Trying.worths(soup, point -> WORKED.getOrDefault(point, .1));
    assertThat(soup.best().orElseThrow().point()).isEqualTo(Point.only(1, 5));
  }

  @Test
  void aGainWithinTheErrorIsNone() {
    SoupRules rules =
        rules(
            new Mixing.OneMore(),
            new Acceptance(Acceptance.Kind.STANDARD_ERRORS, 1),
            Order.METRIC,
            1);
    StepwiseSoup soup = new StepwiseSoup(2, rules);
    Trying.all(
        soup,
        point ->
            new Score(
                OptionalDouble.of(point.ingredients().size() == 2 ? .84 : .8),
                OptionalDouble.of(.03))); // the difference's is .042
    assertThat(soup.best().orElseThrow().point()).isEqualTo(Point.only(0, 2));
  }

  @Test
  void whatCannotBeEvaluatedIsLeftOutAndNeverWins() {
    StepwiseSoup soup = new StepwiseSoup(3, SoupRules.greedy());
    List<Point> tried =
        Trying.all(
            soup,
            point -> point.values().get(1) > 0 ? Score.FAILED : Score.of(point.values().get(0)));
    assertThat(tried).hasSize(4).last().isEqualTo(Point.of(1, 0, 1));
    assertThat(soup.best().orElseThrow().point()).isEqualTo(Point.only(0, 3));
  }

  @Test
  void nothingIsBestIfNothingCouldBeEvaluated() {
    StepwiseSoup soup = new StepwiseSoup(2, SoupRules.greedy());
    assertThat(Trying.all(soup, point -> Score.FAILED)).hasSize(2);
    assertThat(soup.best()).isEmpty();
  }

  @Test
  void oneModelIsASoupOfItself() {
    StepwiseSoup soup = new StepwiseSoup(1, SoupRules.greedy());
    assertThat(Trying.worths(soup, point -> .3)).containsExactly(Point.only(0, 1));
    assertThat(soup.best().orElseThrow().point()).isEqualTo(Point.only(0, 1));
  }

  @Test
  void laterPassesGiveSecondHelpingsUntilNothingIsTaken() {
    StepwiseSoup soup =
        new StepwiseSoup(2, rules(new Mixing.OneMore(), Acceptance.GREATER, Order.METRIC, 10));
    // best at three tenths of the second
    ToDoubleFunction<Point> worths =
        point ->
            -Math.abs(point.values().get(1) / (point.values().get(0) + point.values().get(1)) - .3);
    List<Point> tried = Trying.worths(soup, worths);
    assertThat(soup.best().orElseThrow().point()).isEqualTo(Point.of(2, 1));
    assertThat(tried).last().isEqualTo(Point.of(2, 2));
  }

  @Test
  void theSoupHasNoMoreIngredientsThanAllowed() {
    SoupRules rules =
        new SoupRules(new Mixing.OneMore(), Acceptance.GREATER, Order.METRIC, false, 1, 2, 0);
    StepwiseSoup soup = new StepwiseSoup(4, rules);
    Trying.worths(soup, point -> point.ingredients().size());
    assertThat(soup.best().orElseThrow().point().ingredients()).hasSize(2);
  }

  @Test
  void theBestShareOfAnIngredientIsTaken() {
    StepwiseSoup soup =
        new StepwiseSoup(
            2,
            rules(
                new Mixing.Interpolated(List.of(.1, .3, .5)), Acceptance.GREATER, Order.METRIC, 1));
    List<Point> tried = Trying.worths(soup, point -> 1 - Math.abs(point.values().get(1) - .3) * .5);
    assertThat(tried).hasSize(5);
    assertThat(soup.best().orElseThrow().point()).isEqualTo(Point.of(.7, .3));
  }

  @Test
  void pruningBeginsWithAllAndTakesTheWorstAwayFirst() {
    StepwiseSoup soup =
        new StepwiseSoup(3, rules(new Mixing.LeftOut(), Acceptance.GREATER_EQUAL, Order.METRIC, 1));
    List<Point> tried =
        Trying.worths(
            soup,
            point ->
                point.ingredients().size() == 1
                    ? List.of(.5, .1, .4).get(point.ingredients().get(0))
                    : point.values().get(1) > 0 ? .6 : .7);
    assertThat(tried.subList(3, tried.size()))
        .containsExactly(
            Point.of(1, 1, 1), Point.of(1, 0, 1), Point.of(1, 0, 0), Point.of(0, 0, 1));
    assertThat(soup.best().orElseThrow().point()).isEqualTo(Point.of(1, 0, 1));
  }

  @Test
  void prunedSoupsAreNoWorseThanTheBestSingle() {
    StepwiseSoup soup =
        new StepwiseSoup(2, rules(new Mixing.LeftOut(), Acceptance.GREATER, Order.METRIC, 1));
    Trying.worths(soup, point -> point.equals(Point.only(1, 2)) ? .9 : .2);
    assertThat(soup.best().orElseThrow().point()).isEqualTo(Point.only(1, 2));
  }

  @Test
  void randomOrdersHangOnTheSeedAlone() {
    SoupRules rules = rules(new Mixing.OneMore(), Acceptance.GREATER, Order.RANDOM, 1);
    List<Point> once = Trying.worths(new StepwiseSoup(9, rules), point -> point.values().get(0));
    assertThat(Trying.worths(new StepwiseSoup(9, rules), point -> point.values().get(0)))
        .isEqualTo(once);
    assertThat(once).hasSize(17);
  }

  @Test
  void tellingWithoutAskingIsAFault() {
    StepwiseSoup soup = new StepwiseSoup(1, SoupRules.greedy());
    soup.tell(Score.of(1));
    assertThatThrownBy(() -> soup.tell(Score.of(1))).isInstanceOf(IllegalStateException.class);
  }

  /** Speculation: what is evaluated ahead is what follows, unless something is taken. */
  @Property
  void whatIsUpcomingFollowsIfNothingIsTaken(
      @ForAll @Size(min = 2, max = 6) List<@IntRange(min = 0, max = 5) Integer> worths,
      @ForAll @IntRange(min = 0, max = 1000) int seed,
      @ForAll @IntRange(min = 1, max = 4) int ahead) {
    Map<Point, Double> scores = new HashMap<>();
    Random random = new Random(seed);
    ToDoubleFunction<Point> worth =
        point ->
            point.ingredients().size() == 1
                ? worths.get(point.ingredients().get(0))
                : scores.computeIfAbsent(point, any -> (double) random.nextInt(8));
    StepwiseSoup sequential =
        new StepwiseSoup(
            worths.size(), rules(new Mixing.OneMore(), Acceptance.GREATER, Order.METRIC, 2));
    StepwiseSoup ahead1 =
        new StepwiseSoup(
            worths.size(), rules(new Mixing.OneMore(), Acceptance.GREATER, Order.METRIC, 2));
    List<Point> tried = Trying.worths(sequential, worth);
    List<Point> other = new ArrayList<>();
    List<Point> upcoming = ahead1.upcoming(ahead);
    while (!upcoming.isEmpty()) {
      assertThat(upcoming).hasSizeLessThanOrEqualTo(ahead).doesNotHaveDuplicates();
      Point first = upcoming.get(0);
      other.add(first);
      ahead1.tell(Score.of(worth.applyAsDouble(first)));
      List<Point> after = ahead1.upcoming(ahead);
      if (upcoming.size() > 1 && !ahead1.verdict().equals("accepted")) {
        assertThat(after).startsWith(upcoming.get(1));
      }
      upcoming = after;
    }
    assertThat(other).isEqualTo(tried);
    assertThat(ahead1.best()).isEqualTo(sequential.best());
    double bestSingle = worths.stream().mapToInt(Integer::intValue).max().orElseThrow();
    assertThat(sequential.best().orElseThrow().score().orLowest())
        .isGreaterThanOrEqualTo(bestSingle);
  }
}
