package dev.stockpot.kernels.methods.average;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How much each step of a training counts in an average that forgets by powers: {@code p(s) = (γ+1)
 * s^γ / t^(γ+1)} from 0 to t.
 *
 * @param step t, at which it ends
 * @param gamma γ
 */
record PowerProfile(double step, double gamma) {
  /** Of a pivot, beside the ones of profiles of length one: below, rounding decides. */
  private static final double LEAST_PIVOT = 1e-13;

  private static final int HALVINGS = 100;
  private static final double MOST_GAMMA = 1e6;

  /**
   * What comes near a profile.
   *
   * @param weights of others, whose sum is 1
   * @param misfit what is left, as a share of the profile's own length
   */
  record Fit(List<Double> weights, double misfit) {}

  PowerProfile {
    if (!(step > 0) || !(gamma > -0.5)) {
      throw new IllegalArgumentException("step %s with gamma %s".formatted(step, gamma));
    }
  }

  /** The one whose standard deviation is that share of its step. */
  static PowerProfile ofWidth(double step, double width) {
    double low = 0;
    double high = MOST_GAMMA;
    for (int i = 0; i < HALVINGS; i++) { // the width falls with gamma
      double middle = (low + high) / 2;
      if (width(middle) > width) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return new PowerProfile(step, (low + high) / 2);
  }

  private static double width(double gamma) {
    return Math.sqrt(gamma + 1) / ((gamma + 2) * Math.sqrt(gamma + 3));
  }

  /** The integral of the product: {@code (γ+1)(δ+1)/(γ+δ+1) m^(γ+δ+1) / (t^(γ+1) u^(δ+1))}. */
  private double times(PowerProfile other) {
    double least = Math.min(step, other.step);
    double scale = (gamma + 1) * (other.gamma + 1) / ((gamma + other.gamma + 1) * least);
    return scale
        * StrictMath.pow(least / step, gamma + 1)
        * StrictMath.pow(least / other.step, other.gamma + 1);
  }

  /**
   * The weights by which profiles come nearest to another, in the least squares, their sum made 1.
   *
   * @return nothing if two of them are so much alike that rounding would decide
   */
  static Optional<Fit> fit(List<PowerProfile> kept, PowerProfile wanted) {
    int n = kept.size();
    double[] lengths = kept.stream().mapToDouble(one -> Math.sqrt(one.times(one))).toArray();
    double[][] rows = new double[n][n + 1];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        rows[i][j] = kept.get(i).times(kept.get(j)) / (lengths[i] * lengths[j]);
      }
      rows[i][n] = kept.get(i).times(wanted) / lengths[i];
    }
    if (!eliminate(rows)) {
      return Optional.empty();
    }
    double sum = 0;
    double[] weights = new double[n];
    for (int i = 0; i < n; i++) {
      weights[i] = rows[i][n] / lengths[i];
      sum += weights[i];
    }
    if (!(Math.abs(sum) > LEAST_PIVOT)) {
      return Optional.empty();
    }
    List<Double> normal = new ArrayList<>();
    for (double weight : weights) {
      normal.add(weight / sum);
    }
    return Optional.of(new Fit(List.copyOf(normal), misfit(kept, wanted, normal)));
  }

  /** Solves a positive definite system, its right side in the last column; false: it is none. */
  private static boolean eliminate(double[][] rows) {
    int n = rows.length;
    for (int k = 0; k < n; k++) {
      if (!(rows[k][k] > LEAST_PIVOT)) {
        return false;
      }
      for (int i = 0; i < n; i++) {
        if (i != k) {
          double factor = rows[i][k] / rows[k][k];
          for (int j = k; j <= n; j++) {
            rows[i][j] -= factor * rows[k][j];
          }
        }
      }
    }
    for (int k = 0; k < n; k++) {
      rows[k][n] /= rows[k][k];
    }
    return true;
  }

  private static double misfit(List<PowerProfile> kept, PowerProfile wanted, List<Double> weights) {
    double square = wanted.times(wanted);
    for (int i = 0; i < kept.size(); i++) {
      square -= 2 * weights.get(i) * kept.get(i).times(wanted);
      for (int j = 0; j < kept.size(); j++) {
        square += weights.get(i) * weights.get(j) * kept.get(i).times(kept.get(j));
      }
    }
    return Math.sqrt(Math.max(0, square) / wanted.times(wanted));
  }
}
