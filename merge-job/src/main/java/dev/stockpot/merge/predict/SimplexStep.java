package dev.stockpot.merge.predict;

import java.util.ArrayList;
import java.util.List;

/**
 * The least value of a quadratic function of convex weights, exactly: by the method of active sets,
 * which frees and fixes one weight after another.
 */
final class SimplexStep {
  private static final double RIDGE = 1e-10;
  private static final double SLACK = 1e-12;

  private SimplexStep() {}

  /**
   * The weights where the function is least.
   *
   * @param from where slope and curvature are known
   * @param sums behind two others, the slope by each weight and the curvature by each pair
   * @param count by which they are divided
   */
  static double[] least(double[] from, double[] sums, double count) {
    int n = from.length;
    double[] slope = new double[n];
    double[][] curvature = new double[n][n];
    for (int a = 0; a < n; a++) {
      slope[a] = sums[2 + a] / count;
      for (int b = 0; b < n; b++) {
        curvature[a][b] = sums[2 + n + a * n + b] / count;
      }
      curvature[a][a] += RIDGE * (1 + curvature[a][a]);
    }
    double[] v = from.clone();
    List<Integer> free = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      if (v[i] > 0) {
        free.add(i);
      }
    }
    for (int round = 0; round < 20 * n + 20; round++) {
      double[] solved = onPlane(free, from, slope, curvature);
      double part = 1;
      int blocked = -1;
      for (int i = 0; i < free.size(); i++) {
        int at = free.get(i);
        if (solved[i] < 0 && v[at] / (v[at] - solved[i]) < part) {
          part = v[at] / (v[at] - solved[i]);
          blocked = at;
        }
      }
      for (int i = 0; i < free.size(); i++) {
        int at = free.get(i);
        v[at] += part * (solved[i] - v[at]);
      }
      if (blocked >= 0) {
        v[blocked] = 0;
        free.remove(Integer.valueOf(blocked));
        continue;
      }
      int steepest = steepest(free, v, from, slope, curvature, solved[free.size()]);
      if (steepest < 0) {
        return v;
      }
      free.add(steepest);
      free.sort(null);
    }
    return v;
  }

  /** The fixed weight by whose growth the function would fall most; -1 if there is none. */
  private static int steepest(
      List<Integer> free,
      double[] v,
      double[] from,
      double[] slope,
      double[][] curvature,
      double level) {
    int steepest = -1;
    double most = SLACK;
    for (int i = 0; i < v.length; i++) {
      double down = level - slopeAt(i, v, from, slope, curvature);
      if (!free.contains(i) && down > most) {
        most = down;
        steepest = i;
      }
    }
    return steepest;
  }

  private static double slopeAt(
      int i, double[] v, double[] from, double[] slope, double[][] curvature) {
    double at = slope[i];
    for (int j = 0; j < v.length; j++) {
      at += curvature[i][j] * (v[j] - from[j]);
    }
    return at;
  }

  /** Free weights with the sum 1 where the slope is level, and behind them that slope. */
  private static double[] onPlane(
      List<Integer> free, double[] from, double[] slope, double[][] curvature) {
    int m = free.size();
    double[][] rows = new double[m + 1][m + 2];
    for (int i = 0; i < m; i++) {
      int at = free.get(i);
      double right = -slope[at];
      for (int j = 0; j < from.length; j++) {
        right += curvature[at][j] * from[j];
      }
      for (int j = 0; j < m; j++) {
        rows[i][j] = curvature[at][free.get(j)];
      }
      rows[i][m] = -1;
      rows[i][m + 1] = right;
      rows[m][i] = 1;
    }
    rows[m][m + 1] = 1;
    return solved(rows);
  }

  /** Gauss' elimination, with the largest pivots. */
  private static double[] solved(double[][] rows) {
    int n = rows.length;
    for (int k = 0; k < n; k++) {
      int pivot = k;
      for (int i = k + 1; i < n; i++) {
        pivot = Math.abs(rows[i][k]) > Math.abs(rows[pivot][k]) ? i : pivot;
      }
      double[] swapped = rows[k];
      rows[k] = rows[pivot];
      rows[pivot] = swapped;
      for (int i = k + 1; i < n; i++) {
        double times = rows[i][k] / rows[k][k];
        for (int j = k; j <= n; j++) {
          rows[i][j] -= times * rows[k][j];
        }
      }
    }
    double[] x = new double[n];
    for (int k = n - 1; k >= 0; k--) {
      double right = rows[k][n];
      for (int j = k + 1; j < n; j++) {
        right -= rows[k][j] * x[j];
      }
      x[k] = right / rows[k][k];
    }
    return x;
  }
}
