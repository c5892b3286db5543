package dev.stockpot.kernels.matrix;

import java.util.Random;

/** What is said of matrices in books, in the fewest words; arrays of rows. */
final class Plain {
  private Plain() {}

  static double[][] random(int rows, int columns, long seed) {
    Random random = new Random(seed);
    double[][] made = new double[rows][columns];
    for (double[] row : made) {
      for (int j = 0; j < columns; j++) {
        row[j] = random.nextGaussian();
      }
    }
    return made;
  }

  static double[][] identity(int n) {
    double[][] made = new double[n][n];
    for (int i = 0; i < n; i++) {
      made[i][i] = 1;
    }
    return made;
  }

  static double[][] diagonal(double... values) {
    double[][] made = new double[values.length][values.length];
    for (int i = 0; i < values.length; i++) {
      made[i][i] = values[i];
    }
    return made;
  }

  /** Each element a chain of fused multiply-adds. */
  static double[][] multiply(double[][] a, double[][] b) {
    double[][] c = new double[a.length][b[0].length];
    for (int i = 0; i < a.length; i++) {
      for (int j = 0; j < b[0].length; j++) {
        for (int p = 0; p < b.length; p++) {
          c[i][j] = Math.fma(a[i][p], b[p][j], c[i][j]);
        }
      }
    }
    return c;
  }

  static double[][] transpose(double[][] a) {
    double[][] made = new double[a[0].length][a.length];
    for (int i = 0; i < a.length; i++) {
      for (int j = 0; j < a[0].length; j++) {
        made[j][i] = a[i][j];
      }
    }
    return made;
  }

  static double[][] minus(double[][] a, double[][] b) {
    double[][] made = new double[a.length][a[0].length];
    for (int i = 0; i < a.length; i++) {
      for (int j = 0; j < a[0].length; j++) {
        made[i][j] = a[i][j] - b[i][j];
      }
    }
    return made;
  }

  static double norm(double[][] a) {
    double sum = 0;
    for (double[] row : a) {
      for (double x : row) {
        sum += x * x;
      }
    }
    return Math.sqrt(sum);
  }

  /** How far b is from a, relative to a. */
  static double distance(double[][] a, double[][] b) {
    return norm(minus(a, b)) / norm(a);
  }

  /** How far the columns are from orthonormal, in all. */
  static double skew(double[][] q) {
    return norm(minus(multiply(transpose(q), q), identity(q[0].length)));
  }
}
