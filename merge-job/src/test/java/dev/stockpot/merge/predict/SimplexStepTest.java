package dev.stockpot.merge.predict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SimplexStepTest {
  /** Behind two others, slope and curvature, as fits have them. */
  private static double[] sums(double[] slope, double[][] curvature) {
    int n = slope.length;
    double[] sums = new double[2 + n + n * n];
    System.arraycopy(slope, 0, sums, 2, n);
    for (int a = 0; a < n; a++) {
      System.arraycopy(curvature[a], 0, sums, 2 + n + a * n, n);
    }
    return sums;
  }

  private static double value(double[] v, double[] from, double[] slope, double[][] curvature) {
    double value = 0;
    for (int a = 0; a < v.length; a++) {
      value += slope[a] * (v[a] - from[a]);
      for (int b = 0; b < v.length; b++) {
        value += (v[a] - from[a]) * curvature[a][b] * (v[b] - from[b]) / 2;
      }
    }
    return value;
  }

  @Test
  void weightsAreConvexAndNoOthersAreBetter() {
    Random random = new Random(3);
    for (int n = 2; n < 9; n++) {
      double[] from = new double[n];
      Arrays.fill(from, 1.0 / n);
      double[] slope = random.doubles(n, -1, 1).toArray();
      double[][] curvature = new double[n][n];
      for (int sample = 0; sample < n + 2; sample++) {
        double[] x = random.doubles(n, -1, 1).toArray();
        for (int a = 0; a < n; a++) {
          for (int b = 0; b < n; b++) {
            curvature[a][b] += x[a] * x[b];
          }
        }
      }
      double[] found = SimplexStep.least(from, sums(slope, curvature), 1);
      double sum = 0;
      for (double weight : found) {
        assertThat(weight).isGreaterThanOrEqualTo(0);
        sum += weight;
      }
      assertThat(sum).isCloseTo(1, within(1e-9));
      double least = value(found, from, slope, curvature);
      for (int other = 0; other < 500; other++) {
        double[] v = random.doubles(n, 0, 1).map(u -> -Math.log(u)).toArray();
        double all = Arrays.stream(v).sum();
        for (int i = 0; i < n; i++) {
          v[i] /= all;
        }
        assertThat(value(v, from, slope, curvature)).isGreaterThanOrEqualTo(least - 1e-9);
      }
    }
  }

  @Test
  void twinsShareWithoutAFault() {
    double[] found =
        SimplexStep.least(
            new double[] {0.5, 0.5},
            sums(new double[] {-1, -1}, new double[][] {{1, 1}, {1, 1}}),
            1);
    assertThat(found[0] + found[1]).isCloseTo(1, within(1e-9));
  }
}
