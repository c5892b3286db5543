package dev.stockpot.merge.predict;

import java.util.List;

/**
 * How good predictions are.
 *
 * @param name of the series
 * @param examples that have a label and a prediction
 * @param brier sum of squared errors over all classes, 0 to 2
 * @param ece expected calibration error over 15 bins of equal width
 * @param eceMass the same over 15 bins of equally many examples; those at an edge belong to both
 *     sides by their share
 * @param bins of equal width, by confidence
 * @param intervals by measure: 95 % by bootstrap; none if that was not wanted
 */
public record Measures(
    String name,
    long examples,
    double accuracy,
    double nll,
    double brier,
    double ece,
    double eceMass,
    List<Bin> bins,
    List<Interval> intervals) {
  /** A bin of a reliability diagram: how many, how often they are right, how sure they are. */
  public record Bin(long examples, double accuracy, double confidence) {}

  /** Where 95 % of resampled values lie. */
  public record Interval(String measure, double low, double high) {}

  public Measures {
    bins = List.copyOf(bins);
    intervals = List.copyOf(intervals);
  }
}
