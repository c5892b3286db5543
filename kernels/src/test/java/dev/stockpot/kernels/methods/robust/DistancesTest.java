package dev.stockpot.kernels.methods.robust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

/** From how far models are from each other follow averages, medians and who is nearest. */
class DistancesTest {
  /** Of points on a line, or in a space. */
  private static Distances of(double[]... points) {
    double[][] squared = new double[points.length][points.length];
    for (int i = 0; i < points.length; i++) {
      for (int j = 0; j < points.length; j++) {
        for (int k = 0; k < points[i].length; k++) {
          squared[i][j] += (points[i][k] - points[j][k]) * (points[i][k] - points[j][k]);
        }
      }
    }
    return new Distances(squared);
  }

  private static Distances line(double... places) {
    double[][] points = new double[places.length][];
    for (int i = 0; i < places.length; i++) {
      points[i] = new double[] {places[i]};
    }
    return of(points);
  }

  private static double[] average(double[][] points, double... weights) {
    double[] average = new double[points[0].length];
    for (int i = 0; i < points.length; i++) {
      for (int k = 0; k < average.length; k++) {
        average[k] += weights[i] * points[i][k];
      }
    }
    return average;
  }

  private static double distance(double[] one, double[] other) {
    double sum = 0;
    for (int k = 0; k < one.length; k++) {
      sum += (one[k] - other[k]) * (one[k] - other[k]);
    }
    return Math.sqrt(sum);
  }

  private static double[][] random(Random random, int points, int dimensions) {
    double[][] all = new double[points][dimensions];
    for (double[] point : all) {
      for (int k = 0; k < dimensions; k++) {
        point[k] = random.nextGaussian();
      }
    }
    return all;
  }

  @RepeatedTest(20)
  void anAverageIsAsFarAsItIsInSpace(RepetitionInfo repetition) {
    Random random = new Random(repetition.getCurrentRepetition());
    double[][] points = random(random, 5, 7);
    double[] weights = {.1, .4, .2, .25, .05};
    double[] far = of(points).toAverage(weights);
    for (int i = 0; i < points.length; i++) {
      assertThat(far[i]).isCloseTo(distance(points[i], average(points, weights)), within(1e-12));
    }
  }

  @Test
  void anAverageOfOneIsThatOne() {
    assertThat(line(0, 3, 7).toAverage(0, 1, 0)).containsExactly(3, 0, 4);
  }

  @Test
  void distancesOfBrokenModelsAreNone() {
    assertThat(line(0, 3).areFinite()).isTrue();
    assertThat(line(0, Double.NaN).areFinite()).isFalse();
    assertThat(line(0, Double.POSITIVE_INFINITY).areFinite()).isFalse();
    assertThat(new Weiszfeld(List.of(0.5, 0.5), 9, 0, 1e-6).weights(line(0, Double.NaN)))
        .containsExactly(Double.NaN, Double.NaN);
  }

  @Test
  void theMedianOfThreeOnALineIsTheOneBetweenTheOthers() {
    double third = 1.0 / 3;
    double[] weights =
        new Weiszfeld(List.of(third, third, third), 500, 0, 1e-9).weights(line(0, 1, 100));
    assertThat(weights[1]).isCloseTo(1, within(1e-6));
  }

  @Test
  void aModelThatCountsMoreThanAllOthersIsTheMedian() {
    double[] weights =
        new Weiszfeld(List.of(0.6, 0.2, 0.2), 500, 0, 1e-9).weights(line(-5, 1, 100));
    assertThat(weights[0]).isCloseTo(1, within(1e-6));
  }

  /**
   * Of the corners of an equilateral triangle, as of any shape of equal sides, it is the middle.
   */
  @Test
  void theMedianOfWhatIsSymmetricIsTheMiddle() {
    Distances triangle = of(new double[][] {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}});
    double third = 1.0 / 3;
    assertThat(new Weiszfeld(List.of(third, third, third), 50, 0, 1e-9).weights(triangle))
        .containsExactly(new double[] {third, third, third}, within(1e-12));
  }

  @RepeatedTest(10)
  void noPointNearbyHasASmallerSumOfDistances(RepetitionInfo repetition) {
    Random random = new Random(repetition.getCurrentRepetition());
    double[][] points = random(random, 6, 3);
    List<Double> shares = List.of(.1, .2, .3, .1, .2, .1);
    double[] median = average(points, new Weiszfeld(shares, 2_000, 0, 1e-12).weights(of(points)));
    double least = sum(points, shares, median);
    for (int k = 0; k < 3; k++) {
      for (double step : new double[] {-1e-3, 1e-3}) {
        double[] beside = median.clone();
        beside[k] += step;
        assertThat(sum(points, shares, beside)).isGreaterThanOrEqualTo(least - 1e-9);
      }
    }
  }

  private static double sum(double[][] points, List<Double> shares, double... at) {
    double sum = 0;
    for (int i = 0; i < points.length; i++) {
      sum += shares.get(i) * distance(points[i], at);
    }
    return sum;
  }

  @Test
  void stepsEndWhereTheyAreToldToOrNothingMoves() {
    Weiszfeld one = new Weiszfeld(List.of(0.5, 0.25, 0.25), 1, 0, 1e-9);
    Weiszfeld none = new Weiszfeld(List.of(0.5, 0.25, 0.25), 0, 0, 1e-9);
    Weiszfeld lazy = new Weiszfeld(List.of(0.5, 0.25, 0.25), 500, 1, 1e-9);
    Distances three = line(0, 2, 9);
    assertThat(none.weights(three)).containsExactly(0.5, 0.25, 0.25);
    assertThat(lazy.weights(three)).isEqualTo(one.weights(three));
    // the average is 2.75, so weights are as .5 / 2.75, .25 / .75, .25 / 6.25
    double total = .5 / 2.75 + .25 / .75 + .25 / 6.25;
    assertThat(one.weights(three)[1]).isCloseTo(.25 / .75 / total, within(1e-12));
  }

  @Test
  void theNearestToTheirNeighboursAreChosenAndOfEqualOnesTheFirst() {
    assertThat(new ClosestModels(1, 1).chosen(line(50, 0, 1, 2, 4))).containsExactly(2);
    assertThat(new ClosestModels(1, 2).chosen(line(50, 0, 1, 2, 4))).containsExactly(1, 2);
    assertThat(new ClosestModels(0, 2).chosen(line(3, 3, 3, 3))).containsExactly(0, 1);
    assertThat(new ClosestModels(1, 5).chosen(line(50, 0, 1, 2, 4)))
        .as("in their order")
        .containsExactly(0, 1, 2, 3, 4);
  }

  @Test
  void aScoreIsOfAsManyNeighboursAsAreLeftWithoutTheHostileAndTheFarthest() {
    // N - f - 2 = 2 neighbours: of 0 at 1 and 2, of 1 at 0 and 2, of 2 at 1 and 0 or 4
    assertThat(ClosestModels.scores(line(50, 0, 1, 2, 4), 1))
        .containsExactly(46 * 46 + 48 * 48, 1 + 4, 1 + 1, 1 + 4, 4 + 9);
  }

  @Test
  void oneNeighbourCountsAtLeast() {
    assertThat(ClosestModels.scores(line(0, 3), 1)).containsExactly(9, 9);
    assertThat(ClosestModels.scores(line(0), 0)).containsExactly(0);
  }
}
