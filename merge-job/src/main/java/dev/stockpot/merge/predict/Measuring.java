package dev.stockpot.merge.predict;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Measures series over labelled examples, in a few passes.
 *
 * @param replicates of the bootstrap; 0 for none
 */
record Measuring(List<Series> series, int classes, int replicates, long seed) {
  private List<Combination> combinations() {
    return series.stream().map(Series::combination).toList();
  }

  /** The measures of each; none if no example has a label. */
  List<Measures> over(Passes passes) {
    List<Combination> all = combinations();
    double[] sums = passes.over(new MeasureSums(all));
    if (IntStream.range(0, all.size()).allMatch(s -> sums[s * MeasureSums.WIDTH] == 0)) {
      return List.of();
    }
    double[] resampled =
        replicates > 0 ? passes.over(new Resampled(all, replicates, seed)) : new double[0];
    double[] masses = masses(sums, passes);
    List<Measures> measures = new ArrayList<>();
    for (int s = 0; s < all.size(); s++) {
      int at = s * MeasureSums.WIDTH;
      double n = sums[at];
      measures.add(
          new Measures(
              series.get(s).name(),
              (long) n,
              sums[at + MeasureSums.RIGHT] / n,
              sums[at + MeasureSums.NLL] / n,
              sums[at + MeasureSums.BRIER] / n,
              error(sums, at),
              masses[s],
              bins(sums, at),
              replicates > 0 ? Intervals.of(resampled, s, all.size(), replicates) : List.of()));
    }
    return measures;
  }

  /** How unlike each pair is. */
  static List<Diversity> pairs(List<Series> series, Passes passes) {
    double[] sums = passes.over(new PairSums(series.stream().map(Series::combination).toList()));
    List<Diversity> pairs = new ArrayList<>();
    for (int a = 0; a < series.size(); a++) {
      for (int b = a + 1; b < series.size(); b++) {
        int at = pairs.size() * PairSums.WIDTH;
        pairs.add(Diversity.of(series.get(a).name(), series.get(b).name(), sums, at));
      }
    }
    return pairs;
  }

  private static double error(double[] sums, int at) {
    double error = 0;
    for (int bin = 0; bin < Bins.COUNT; bin++) {
      int from = at + MeasureSums.BINS + 3 * bin;
      error += Math.abs(sums[from + 1] - sums[from + 2]) / sums[at];
    }
    return error;
  }

  private static List<Measures.Bin> bins(double[] sums, int at) {
    List<Measures.Bin> bins = new ArrayList<>();
    for (int bin = 0; bin < Bins.COUNT; bin++) {
      int from = at + MeasureSums.BINS + 3 * bin;
      bins.add(
          new Measures.Bin(
              (long) sums[from], sums[from + 1] / sums[from], sums[from + 2] / sums[from]));
    }
    return bins;
  }

  /** Errors over bins of equal mass: edges are narrowed until they are known, for all at once. */
  private double[] masses(double[] sums, Passes passes) {
    List<MassEdges> edges = new ArrayList<>();
    for (int s = 0; s < series.size(); s++) {
      edges.add(MassEdges.all(Bins.COUNT - 1, classes, sums[s * MeasureSums.WIDTH]));
    }
    while (!edges.stream().allMatch(MassEdges::isFound)) {
      List<Integer> open =
          IntStream.range(0, edges.size()).filter(s -> !edges.get(s).isFound()).boxed().toList();
      double[] counts =
          passes.over(
              new MassCounts(
                  open.stream().map(combinations()::get).toList(),
                  open.stream().map(edges::get).toList()));
      int at = 0;
      for (int s : open) {
        MassEdges before = edges.get(s);
        edges.set(s, before.narrowed(counts, at, sums[s * MeasureSums.WIDTH]));
        at += before.size();
      }
    }
    double[] between = passes.over(new MassSums(combinations(), edges));
    double[] errors = new double[series.size()];
    for (int s = 0; s < errors.length; s++) {
      errors[s] = edges.get(s).error(between, s * MassSums.WIDTH, sums[s * MeasureSums.WIDTH]);
    }
    return errors;
  }
}
