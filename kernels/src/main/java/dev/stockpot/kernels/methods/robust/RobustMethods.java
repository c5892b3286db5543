package dev.stockpot.kernels.methods.robust;

import static dev.stockpot.kernels.method.Parameter.Scope.MERGE;

import dev.stockpot.kernels.method.MergeMethod;
import dev.stockpot.kernels.method.MergeProgram;
import dev.stockpot.kernels.method.Parameter;
import dev.stockpot.kernels.method.Range;
import java.util.List;

/** Averages that a few models cannot move far. */
public final class RobustMethods {
  /** When a geometric median is found. */
  public static final Parameter<Double> TOLERANCE =
      Parameter.optional(
          "tol",
          MERGE,
          Range.Numbers.NOT_NEGATIVE,
          1e-9,
          "a step that changes no share by more is the last");

  /** What keeps its steps from dividing by nothing. */
  public static final Parameter<Double> SMOOTHING =
      Parameter.optional(
          "nu",
          MERGE,
          new Range.Numbers(Double.MIN_NORMAL, Double.POSITIVE_INFINITY),
          1e-6,
          "a distance below this counts as this (ν); above 0");

  /** In the order in which they are listed. */
  public static final List<MergeMethod> ALL =
      List.of(
          CoordinateMean.MEDIAN,
          CoordinateMean.TRIMMED_MEAN,
          new GeometricMedian(),
          new MultiKrum());

  private RobustMethods() {}

  /**
   * The mean of what is in the middle, element by element.
   *
   * @param inputs places of the models
   * @param skip how many of the lowest and of the highest are left out; fewer than half of them
   */
  public static MergeProgram sortedMean(List<Integer> inputs, int skip) {
    return new SortedMean(inputs, skip);
  }

  /** How many of so many models are left out at either end for a share. */
  public static int trimmed(double share, int models) {
    return CoordinateMean.trimmed(share, models);
  }

  /**
   * How far each model is from its nearest neighbours, as Krum has it: the sum of the {@code N − f
   * − 2} least squared distances, at least of one.
   *
   * @param squared distances of each two
   * @param byzantine how many models may be anything
   */
  public static double[] krumScores(double[][] squared, int byzantine) {
    return ClosestModels.scores(new Distances(squared), byzantine);
  }

  /**
   * What each model counts in the geometric median.
   *
   * @param squared distances of each two
   * @param shares how much each distance counts; they sum to one
   * @param steps at most
   * @param tol a step that changes no weight by more is the last
   * @param nu a smaller distance counts as this
   */
  public static double[] medianWeights(
      double[][] squared, List<Double> shares, int steps, double tol, double nu) {
    return new Weiszfeld(shares, steps, tol, nu).weights(new Distances(squared));
  }

  /**
   * How far each model is from an average of them.
   *
   * @param squared distances of each two
   * @param weights which sum to one
   */
  public static double[] distancesToAverage(double[][] squared, double... weights) {
    return new Distances(squared).toAverage(weights);
  }
}
