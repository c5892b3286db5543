package dev.stockpot.kernels.methods.statistics;

/** Least squares as in books: elimination with pivots, on arrays of rows. */
final class Normal {
  private Normal() {}

  /** {@code xᵀ x / rows}. */
  static double[][] gram(double[][] x) {
    int n = x[0].length;
    double[][] gram = new double[n][n];
    for (double[] row : x) {
      for (int i = 0; i < n; i++) {
        for (int j = 0; j < n; j++) {
          gram[i][j] += row[i] * row[j] / x.length;
        }
      }
    }
    return gram;
  }

  static double[][] shrunk(double[][] gram, double alpha) {
    double[][] made = new double[gram.length][gram.length];
    for (int i = 0; i < gram.length; i++) {
      for (int j = 0; j < gram.length; j++) {
        made[i][j] = i == j ? gram[i][j] : alpha * gram[i][j];
      }
    }
    return made;
  }

  /** {@code Σ f W G (Σ f G)⁻¹}, W being outputs x inputs. */
  static double[][] regmean(double[][][] models, double[][][] grams, double... factors) {
    int outputs = models[0].length;
    int inputs = grams[0].length;
    double[][] left = new double[inputs][inputs];
    double[][] right = new double[inputs][outputs];
    for (int k = 0; k < models.length; k++) {
      for (int i = 0; i < inputs; i++) {
        for (int j = 0; j < inputs; j++) {
          left[i][j] += factors[k] * grams[k][i][j];
          for (int o = 0; o < outputs; o++) {
            right[i][o] += factors[k] * grams[k][i][j] * models[k][o][j];
          }
        }
      }
    }
    double[][] solved = solve(left, right);
    double[][] made = new double[outputs][inputs];
    for (int o = 0; o < outputs; o++) {
      for (int i = 0; i < inputs; i++) {
        made[o][i] = solved[i][o];
      }
    }
    return made;
  }

  private static double[][] solve(double[][] a, double[][] b) {
    int n = a.length;
    for (int k = 0; k < n; k++) {
      int pivot = k;
      for (int i = k + 1; i < n; i++) {
        pivot = Math.abs(a[i][k]) > Math.abs(a[pivot][k]) ? i : pivot;
      }
      swap(a, k, pivot);
      swap(b, k, pivot);
      for (int i = 0; i < n; i++) {
        double factor = i == k ? 0 : a[i][k] / a[k][k];
        for (int j = k; j < n && factor != 0; j++) {
          a[i][j] -= factor * a[k][j];
        }
        for (int j = 0; j < b[0].length && factor != 0; j++) {
          b[i][j] -= factor * b[k][j];
        }
      }
    }
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < b[0].length; j++) {
        b[i][j] /= a[i][i];
      }
    }
    return b;
  }

  private static void swap(double[][] rows, int i, int j) {
    double[] row = rows[i];
    rows[i] = rows[j];
    rows[j] = row;
  }
}
