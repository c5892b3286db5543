package dev.stockpot.kernels.methods.robust;

import dev.stockpot.kernels.statistic.PartialSums;
import dev.stockpot.kernels.statistic.Statistic;
import java.util.Arrays;

/**
 * How far several models are from each other, from which follows how far each is from any weighted
 * average of them.
 *
 * @param squared the squared distance of model i and model j; symmetric, zero on the diagonal
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Distances(double[][] squared) {

  /** What a {@link DistanceScan} found for so many models. */
  static Distances of(Statistic found, int models) {
    PartialSums sums = (PartialSums) found;
    double[][] squared = new double[models][models];
    int sum = 0;
    for (int i = 0; i < models; i++) {
      for (int j = i + 1; j < models; j++) {
        squared[i][j] = sums.total(sum++);
        squared[j][i] = squared[i][j];
      }
    }
    return new Distances(squared);
  }

  int models() {
    return squared.length;
  }

  /** Whether none is NaN or infinite, as distances of models that hold such elements are. */
  boolean areFinite() {
    return Arrays.stream(squared).flatMapToDouble(Arrays::stream).allMatch(Double::isFinite);
  }

  /** How far each model is from the average of these weights, which sum to one. */
  double[] toAverage(double... weights) {
    double[] far = new double[models()];
    double spread = 0;
    for (int i = 0; i < far.length; i++) {
      for (int j = 0; j < far.length; j++) {
        far[i] += weights[j] * squared[i][j];
      }
      spread += weights[i] * far[i];
    }
    for (int i = 0; i < far.length; i++) {
      far[i] = Math.sqrt(Math.max(0, far[i] - spread / 2)); // rounding can make it negative
    }
    return far;
  }
}
