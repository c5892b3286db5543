package dev.stockpot.merge.choose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.hipparchus.analysis.MultivariateFunction;
import org.hipparchus.exception.MathIllegalStateException;
import org.hipparchus.optim.InitialGuess;
import org.hipparchus.optim.MaxEval;
import org.hipparchus.optim.SimpleBounds;
import org.hipparchus.optim.nonlinear.scalar.GoalType;
import org.hipparchus.optim.nonlinear.scalar.ObjectiveFunction;
import org.hipparchus.optim.nonlinear.scalar.noderiv.CMAESOptimizer;
import org.hipparchus.random.MersenneTwister;
import org.junit.jupiter.api.Test;

class CmaEsTest {
  private static final double[] OPTIMUM = {.2, .9, .45, .6, .35};

  private static CmaEs search(int dimensions, int evaluations, long seed) {
    double[] start = new double[dimensions];
    Arrays.fill(start, .5);
    return new CmaEs(Point.of(start), new CmaRules(1.0 / 6, 0, evaluations, seed));
  }

  /** An ellipsoid whose axes are 1 to 1000 long, not along the coordinates. */
  private static double ellipsoid(double[] x) {
    double sum = 0;
    double carried = 0;
    for (int i = 0; i < x.length; i++) {
      carried = .5 * carried + (x[i] - OPTIMUM[i]);
      sum += Math.pow(10, 3.0 * i / (x.length - 1)) * carried * carried;
    }
    return sum;
  }

  @Test
  void findsTheOptimumOfATurnedEllipsoid() {
    CmaEs search = search(5, 3000, 1);
    Trying.worths(search, point -> -ellipsoid(point.toArray()));
    double[] found = search.best().orElseThrow().point().toArray();
    for (int i = 0; i < found.length; i++) {
      assertThat(found[i]).isCloseTo(OPTIMUM[i], within(1e-5));
    }
  }

  /** The same budget brings it as far as a library's, over several seeds. */
  @Test
  void isAsGoodAsAnotherImplementation() {
    double ours = 0;
    double theirs = 0;
    for (int seed = 1; seed <= 9; seed++) {
      CmaEs search = search(5, 600, seed);
      Trying.worths(search, point -> -ellipsoid(point.toArray()));
      ours += Math.log10(-search.best().orElseThrow().score().orLowest());
      theirs += Math.log10(libraries(600, seed));
    }
    assertThat(ours / 9).isLessThan(theirs / 9 + .5); // -2.65 and -2.96
  }

  private static double libraries(int evaluations, int seed) {
    CMAESOptimizer optimizer =
        new CMAESOptimizer(10_000, 0, false, 0, 0, new MersenneTwister(seed), false, null);
    double[] best = {Double.POSITIVE_INFINITY};
    MultivariateFunction function =
        x -> {
          best[0] = Math.min(best[0], ellipsoid(x));
          return ellipsoid(x);
        };
    try {
      optimizer.optimize(
          new MaxEval(evaluations),
          new ObjectiveFunction(function),
          GoalType.MINIMIZE,
          new InitialGuess(new double[] {.5, .5, .5, .5, .5}),
          new SimpleBounds(new double[5], new double[] {1, 1, 1, 1, 1}),
          new CMAESOptimizer.Sigma(new double[] {1 / 6.0, 1 / 6.0, 1 / 6.0, 1 / 6.0, 1 / 6.0}),
          new CMAESOptimizer.PopulationSize(8));
    } catch (MathIllegalStateException e) { // its budget is used up
      assertThat(e.getParts()).containsExactly(evaluations);
    }
    return best[0];
  }

  @Test
  void anOptimumAtTheEdgeOfTheCubeIsReached() {
    CmaEs search = search(3, 600, 3);
    ToDoubleFunction<Point> worth =
        point ->
            point.values().get(0) - point.values().get(1) - Math.abs(point.values().get(2) - .5);
    Trying.worths(search, worth);
    List<Double> best = search.best().orElseThrow().point().values();
    assertThat(best.get(0)).isCloseTo(1, within(1e-3));
    assertThat(best.get(1)).isCloseTo(0, within(1e-3));
  }

  @Test
  void neverAsksForMoreThanItsBudgetNorLeavesTheCube() {
    CmaEs search = search(2, 17, 5);
    List<Point> tried = Trying.worths(search, point -> point.values().get(0));
    assertThat(tried).hasSize(17);
    assertThat(tried)
        .allSatisfy(
            point -> assertThat(point.values()).allSatisfy(v -> assertThat(v).isBetween(0.0, 1.0)));
  }

  @Test
  void theSameScoresLeadToTheSameProposals() {
    List<Point> once = Trying.worths(search(4, 100, 9), point -> -ellipsoid(point.toArray()));
    assertThat(Trying.worths(search(4, 100, 9), point -> -ellipsoid(point.toArray())))
        .isEqualTo(once);
    assertThat(Trying.worths(search(4, 100, 10), point -> -ellipsoid(point.toArray())))
        .isNotEqualTo(once);
  }

  @Test
  void goesOnThoughSomeCannotBeEvaluated() {
    CmaEs search = search(2, 300, 2);
    Trying.all(
        search,
        point ->
            point.values().get(0) > .8
                ? Score.FAILED
                : Score.of(
                    -Math.abs(point.values().get(0) - .7) - Math.abs(point.values().get(1) - .3)));
    assertThat(search.best().orElseThrow().point().values().get(0)).isCloseTo(.7, within(.02));
  }

  @Test
  void aFlatLandscapeWidensTheStepsAndEnds() {
    CmaEs search = search(2, 100_000, 2);
    assertThat(Trying.worths(search, point -> 1).size()).isLessThan(2000);
    assertThat(search.state().orElseThrow().sigma()).isGreaterThan(1.0 / 6);
  }

  @Test
  void coarseScoresShareTheirRanks() {
    CmaWeights weights = CmaWeights.of(3, 6);
    double[] shared = weights.ofRanks(new double[] {.5, .5, 2, 3, 4, 5});
    assertThat(shared[0]).isEqualTo(shared[1]);
    assertThat(shared[0] + shared[1])
        .isCloseTo(weights.recombination().get(0) + weights.recombination().get(1), within(1e-15));
    assertThat(IntStream.range(0, 6).mapToDouble(i -> shared[i]).sum()).isCloseTo(1, within(1e-12));
  }

  @Test
  void constantsAreThoseOfTheTutorial() {
    CmaWeights weights = CmaWeights.of(10, 10); // table 1, worked out apart
    assertThat(weights.effective()).isCloseTo(3.1673, within(1e-4));
    assertThat(weights.cSigma()).isCloseTo((3.1673 + 2) / (10 + 3.1673 + 5), within(1e-5));
    assertThat(weights.c1()).isCloseTo(2 / (11.3 * 11.3 + 3.1673), within(1e-6));
    assertThat(weights.chi()).isCloseTo(3.0847, within(1e-3));
  }

  @Test
  void mirrorsFoldAsOftenAsNeedBe() {
    assertThat(CmaEs.mirrored(.25)).isEqualTo(.25);
    assertThat(CmaEs.mirrored(-.25)).isEqualTo(.25);
    assertThat(CmaEs.mirrored(1.25)).isEqualTo(.75);
    assertThat(CmaEs.mirrored(2.25)).isEqualTo(.25);
    assertThat(CmaEs.mirrored(-3.5)).isEqualTo(.5);
  }
}
