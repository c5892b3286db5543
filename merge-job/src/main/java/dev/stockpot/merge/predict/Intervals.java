package dev.stockpot.merge.predict;

import dev.stockpot.merge.predict.Measures.Interval;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** Intervals from the sums of replicates: those that 2.5 % lie below, and above. */
final class Intervals {
  private static final double OUTSIDE = 0.025;

  private Intervals() {}

  /** Those of one series. */
  static List<Interval> of(double[] sums, int series, int of, int replicates) {
    List<Interval> intervals = new ArrayList<>();
    intervals.add(mean("accuracy", Resampled.RIGHT, sums, series, of, replicates));
    intervals.add(mean("nll", Resampled.NLL, sums, series, of, replicates));
    intervals.add(mean("brier", Resampled.BRIER, sums, series, of, replicates));
    intervals.add(
        interval(
            "ece", replicates, replicate -> error(sums, at(replicate.intValue(), series, of))));
    return intervals;
  }

  private static int at(int replicate, int series, int of) {
    return (replicate * of + series) * Resampled.WIDTH;
  }

  private static Interval mean(
      String name, int which, double[] sums, int series, int of, int replicates) {
    return interval(
        name,
        replicates,
        replicate -> {
          int at = at(replicate.intValue(), series, of);
          return sums[at + which] / sums[at];
        });
  }

  private static double error(double[] sums, int at) {
    double error = 0;
    for (int bin = 0; bin < Bins.COUNT; bin++) {
      error += Math.abs(sums[at + Resampled.GAPS + bin]) / sums[at];
    }
    return error;
  }

  private static Interval interval(String name, int replicates, ToDoubleFunction<Integer> measure) {
    double[] values = new double[replicates];
    for (int replicate = 0; replicate < replicates; replicate++) {
      values[replicate] = measure.applyAsDouble(replicate);
    }
    Arrays.sort(values);
    return new Interval(name, quantile(values, OUTSIDE), quantile(values, 1 - OUTSIDE));
  }

  /** As NumPy's, between the two nearest. */
  static double quantile(double[] sorted, double share) {
    double place = share * (sorted.length - 1);
    int low = (int) Math.floor(place);
    int high = Math.min(sorted.length - 1, low + 1);
    return sorted[low] + (place - low) * (sorted[high] - sorted[low]);
  }
}
