package dev.stockpot.merge.mixture;

/** Eigenvalues of small symmetric matrices, by rotations that each clear one element. */
final class Jacobi {
  private static final int MOST_SWEEPS = 60;
  private static final double SMALL = 1e-30;

  private Jacobi() {}

  /**
   * All of them, in no order.
   *
   * @param matrix which is worked on
   */
  static double[] eigenvalues(double[][] matrix) {
    for (int sweep = 0; sweep < MOST_SWEEPS && beside(matrix) > SMALL * diagonal(matrix); sweep++) {
      for (int p = 0; p < matrix.length; p++) {
        for (int q = p + 1; q < matrix.length; q++) {
          rotate(matrix, p, q);
        }
      }
    }
    double[] values = new double[matrix.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = matrix[i][i];
    }
    return values;
  }

  private static void rotate(double[][] matrix, int p, int q) {
    if (matrix[p][q] == 0) {
      return;
    }
    double cotangent = (matrix[q][q] - matrix[p][p]) / (2 * matrix[p][q]); // of twice the angle
    double tangent =
        Math.copySign(1, cotangent) / (Math.abs(cotangent) + Math.hypot(cotangent, 1));
    double cosine = 1 / Math.hypot(tangent, 1);
    double sine = tangent * cosine;
    for (int k = 0; k < matrix.length; k++) {
      double left = matrix[k][p];
      double right = matrix[k][q];
      matrix[k][p] = cosine * left - sine * right;
      matrix[k][q] = sine * left + cosine * right;
    }
    for (int k = 0; k < matrix.length; k++) {
      double above = matrix[p][k];
      double below = matrix[q][k];
      matrix[p][k] = cosine * above - sine * below;
      matrix[q][k] = sine * above + cosine * below;
    }
  }

  private static double beside(double[][] matrix) {
    double sum = 0;
    for (int i = 0; i < matrix.length; i++) {
      for (int j = 0; j < i; j++) {
        sum += matrix[i][j] * matrix[i][j];
      }
    }
    return sum;
  }

  private static double diagonal(double[][] matrix) {
    double sum = 0;
    for (int i = 0; i < matrix.length; i++) {
      sum += matrix[i][i] * matrix[i][i];
    }
    return sum;
  }
}
