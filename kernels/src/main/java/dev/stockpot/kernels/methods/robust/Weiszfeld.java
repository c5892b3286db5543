package dev.stockpot.kernels.methods.robust;

import dev.stockpot.kernels.method.MergeProgram;
import dev.stockpot.kernels.methods.average.AverageMethods;
import dev.stockpot.kernels.methods.taskvector.TaskVectors;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Finds the geometric median by Weiszfeld's steps, each a weighted average of the models by the
 * inverse of their distances to the one before.
 *
 * @param shares how much each model's distance counts; they sum to one
 * @param steps at most
 * @param tol a step that changes no weight by more is the last
 * @param nu a smaller distance counts as this
 */
record Weiszfeld(List<Double> shares, int steps, double tol, double nu)
    implements DistanceMerge.Rule {
  Weiszfeld {
    shares = List.copyOf(shares);
  }

  @Override
  public MergeProgram program(Distances distances) {
    double[] weights = weights(distances);
    int nearest = 0;
    for (int i = 1; i < weights.length; i++) {
      if (weights[i] > weights[nearest]) {
        nearest = i;
      }
    }
    int origin =
        nearest; // the others are added as differences to it, so equal models give themselves
    List<Integer> others =
        IntStream.range(0, weights.length)
            .filter(i -> i != origin && weights[i] != 0)
            .boxed()
            .toList();
    if (others.isEmpty()) {
      return AverageMethods.weightedSum(List.of(origin), List.of(1f), 1);
    }
    return TaskVectors.weightedSum(
        origin, others, others.stream().map(i -> (float) weights[i]).toList(), 1);
  }

  /** The weights of the models in the median; NaN if a distance is. */
  double[] weights(Distances distances) {
    double[] weights = shares.stream().mapToDouble(Double::doubleValue).toArray();
    if (!distances.areFinite()) {
      Arrays.fill(weights, Double.NaN);
      return weights;
    }
    for (int step = 0; step < steps; step++) {
      double[] next = step(distances.toAverage(weights));
      double change = 0;
      for (int i = 0; i < next.length; i++) {
        change = Math.max(change, Math.abs(next[i] - weights[i]));
      }
      weights = next;
      if (change <= tol) {
        break;
      }
    }
    return weights;
  }

  private double[] step(double... distances) {
    double[] weights = new double[distances.length];
    double total = 0;
    for (int i = 0; i < weights.length; i++) {
      weights[i] = shares.get(i) / Math.max(nu, distances[i]);
      total += weights[i];
    }
    for (int i = 0; i < weights.length; i++) {
      weights[i] /= total;
    }
    return weights;
  }
}
