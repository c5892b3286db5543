package dev.stockpot.kernels.matrix;

import dev.stockpot.kernels.MatrixKernels;
import java.util.Arrays;
import java.util.List;

/** Sums over matrices of one shape, row by row. */
final class Sums {
  private final MatrixKernels kernels;

  Sums(MatrixKernels kernels) {
    this.kernels = kernels;
  }

  /** {@code into = w[0] x[0] + w[1] x[1] + …}: one chain for each element, begun with zero. */
  void weighted(List<Matrix> matrices, double[] weights, Matrix into) {
    if (matrices.isEmpty() || matrices.size() != weights.length) {
      throw new IllegalArgumentException(
          "%s weights for %s matrices".formatted(weights.length, matrices.size()));
    }
    matrices.forEach(matrix -> requireSameShape(matrix, into));
    int columns = into.columns();
    double[] sum = new double[columns];
    double[] row = new double[columns];
    for (int i = 0; i < into.rows(); i++) {
      Arrays.fill(sum, 0);
      for (int k = 0; k < weights.length; k++) {
        matrices.get(k).read(i, 0, row, 0, columns);
        kernels.addRows(1, row, 0, columns, weights, k, sum, 0, columns);
      }
      into.write(i, 0, sum, 0, columns);
    }
  }

  /** {@code into += factor x}. */
  void addScaled(double factor, Matrix x, Matrix into) {
    requireSameShape(x, into);
    int columns = into.columns();
    double[] factors = {factor};
    double[] sum = new double[columns];
    double[] row = new double[columns];
    for (int i = 0; i < into.rows(); i++) {
      into.read(i, 0, sum, 0, columns);
      x.read(i, 0, row, 0, columns);
      kernels.addRows(1, row, 0, columns, factors, 0, sum, 0, columns);
      into.write(i, 0, sum, 0, columns);
    }
  }

  /** Sum of the products of equal places: of rows as {@link MatrixKernels#dot}, then row by row. */
  double inner(Matrix x, Matrix y) {
    requireSameShape(x, y);
    int columns = x.columns();
    double[] first = new double[columns];
    double[] second = new double[columns];
    double sum = 0;
    for (int i = 0; i < x.rows(); i++) {
      x.read(i, 0, first, 0, columns);
      y.read(i, 0, second, 0, columns);
      sum += kernels.dot(first, 0, second, 0, columns);
    }
    return sum;
  }

  static void copy(Matrix from, Matrix to) {
    if (to.isTransposed()) {
      copy(from.transposed(), to.transposed());
      return;
    }
    if (from.isTransposed()) {
      Transposition.copy(from.transposed(), to);
      return;
    }
    double[] row = new double[from.columns()];
    for (int i = 0; i < from.rows(); i++) {
      from.read(i, 0, row, 0, row.length);
      to.write(i, 0, row, 0, row.length);
    }
  }

  /** The largest magnitude. */
  static double largest(Matrix x) {
    double[] row = new double[x.columns()];
    double largest = 0;
    for (int i = 0; i < x.rows(); i++) {
      x.read(i, 0, row, 0, row.length);
      for (double element : row) {
        largest = Math.max(largest, Math.abs(element));
      }
    }
    return largest;
  }

  /**
   * {@link #largest}, of a matrix of numbers.
   *
   * @throws IllegalArgumentException naming the first element that is NaN or infinite
   */
  static double largestFinite(Matrix x) {
    double[] row = new double[x.columns()];
    double largest = 0;
    for (int i = 0; i < x.rows(); i++) {
      x.read(i, 0, row, 0, row.length);
      for (double element : row) {
        double magnitude = Math.abs(element);
        if (!(magnitude <= largest)) { // NaN, too
          if (!Double.isFinite(element)) {
            requireFinite(x);
          }
          largest = magnitude;
        }
      }
    }
    return largest;
  }

  /** A power of two near the largest magnitude: dividing by it is exact. One for zeros. */
  static double scale(double largest) {
    return largest == 0 ? 1 : Math.scalb(1.0, Math.max(-1_000, Math.getExponent(largest)));
  }

  static void multiply(Matrix x, double factor) {
    double[] row = new double[x.columns()];
    for (int i = 0; i < x.rows(); i++) {
      x.read(i, 0, row, 0, row.length);
      for (int j = 0; j < row.length; j++) {
        row[j] *= factor;
      }
      x.write(i, 0, row, 0, row.length);
    }
  }

  /**
   * Refuses NaN and infinity, which would spread over the whole result.
   *
   * @throws IllegalArgumentException naming the first such element
   */
  static void requireFinite(Matrix x) {
    double[] row = new double[x.columns()];
    for (int i = 0; i < x.rows(); i++) {
      x.read(i, 0, row, 0, row.length);
      for (int j = 0; j < row.length; j++) {
        if (!Double.isFinite(row[j])) {
          throw new IllegalArgumentException(
              "%s holds %s at row %s, column %s".formatted(x, row[j], i, j));
        }
      }
    }
  }

  private static void requireSameShape(Matrix x, Matrix y) {
    if (x.rows() != y.rows() || x.columns() != y.columns()) {
      throw new IllegalArgumentException("%s and %s differ in shape".formatted(x, y));
    }
  }
}
