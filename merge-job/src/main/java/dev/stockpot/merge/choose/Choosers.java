package dev.stockpot.merge.choose;

import java.util.List;
import java.util.function.ToDoubleFunction;

/** Everybody who chooses. */
public final class Choosers {
  /** Dimensions of which there are Sobol sequences. */
  public static final int MOST_SOBOL = Sobol.MOST_DIMENSIONS;

  private Choosers() {}

  /** Ingredients one after the other, as the rules have it; at least one model. */
  public static Chooser soup(int models, SoupRules rules) {
    return new StepwiseSoup(models, rules);
  }

  /** The mean of all models that can be scored, which are scored before; at least one model. */
  public static Chooser uniform(int models) {
    return new UniformSoup(models);
  }

  /** The best of some points between two models, both ends included; two points at least. */
  public static Chooser line(int points) {
    return new ListedPoints(Lists.line(points));
  }

  /** The best of some points of a curve, both ends included; two points and two models at least. */
  public static Chooser path(Curve curve, int models, int points) {
    return new ListedPoints(Lists.path(curve, models, points));
  }

  /**
   * The mean of a run's checkpoints between two rises of their losses (Cha et al. 2021, SWAD).
   *
   * @param converge how many losses the first must be the least of
   * @param tolerance how many in a row must be too high for the end
   * @param ratio how much higher than the mean at the beginning is too high, at least 1
   */
  public static Chooser swad(int models, int converge, int tolerance, double ratio) {
    return new Swad(models, new Valley.Rules(converge, tolerance, ratio));
  }

  /** One that hears scores less a penalty of the point. */
  public static Chooser regularised(Chooser chooser, ToDoubleFunction<Point> penalty) {
    return new Regularised(chooser, penalty);
  }

  /** The best average of consecutive checkpoints; windows longer than the list are left out. */
  public static Chooser windows(
      int models, List<Integer> sizes, int stride, WindowAverage average) {
    return new ListedPoints(Lists.windows(models, sizes, stride, average));
  }

  /** How many windows there are. */
  public static int countWindows(int models, List<Integer> sizes, int stride) {
    return Lists.windows(models, sizes, stride, new WindowAverage(WindowAverage.Kind.SMA, 0))
        .size();
  }

  /**
   * The best of all combinations of equally spaced values.
   *
   * @param levels of each dimension; at most a million combinations
   */
  public static Chooser grid(List<Integer> levels) {
    return new ListedPoints(Lists.grid(levels));
  }

  /** The best of uniform draws. */
  public static Chooser random(int dimensions, int count, long seed) {
    return new ListedPoints(Lists.random(dimensions, count, seed));
  }

  /** The best of the Sobol sequence's first points; 1 to {@link #MOST_SOBOL} dimensions. */
  public static Chooser sobol(int dimensions, int count, long seed) {
    return new ListedPoints(Lists.sobol(dimensions, count, seed));
  }

  /** How many points a generation of {@link #cmaEs} has; {@code population} is 0 for its own. */
  public static int cmaPopulation(int dimensions, int population) {
    return new CmaRules(1, population, 1, 0).population(dimensions);
  }

  /**
   * Covariance matrix adaptation in the unit cube.
   *
   * @param start in the cube
   * @param sigma first step, of the cube
   * @param population points a generation; 0 for 4 + ⌊3 ln n⌋
   * @param evaluations at most
   */
  public static Chooser cmaEs(
      Point start, double sigma, int population, int evaluations, long seed) {
    return new CmaEs(start, new CmaRules(sigma, population, evaluations, seed));
  }

  /** The same, from where another search stood on. */
  public static Chooser cmaEs(SearchState from, int population, int evaluations, long seed) {
    return new CmaEs(from, new CmaRules(1, population, evaluations, seed));
  }

  /** What no other is better than by every metric, and one of these. */
  public static Chooser nsga2(Point start, Nsga2Rules rules) {
    return new Nsga2(start, rules);
  }

  /** Candidates on growing numbers of examples: Sobol points where there are such, else draws. */
  public static Chooser halving(int dimensions, HalvingRules rules, long seed) {
    int count = rules.rungs().get(0).candidates();
    return new Halving(
        dimensions <= MOST_SOBOL
            ? Lists.sobol(dimensions, count, seed)
            : Lists.random(dimensions, count, seed),
        rules);
  }
}
