package dev.stockpot.kernels.methods.statistics;

import dev.stockpot.kernels.matrix.Matrix;
import dev.stockpot.kernels.matrix.UpperTriangle;
import dev.stockpot.kernels.method.WholeTensor;

/**
 * Rows of a Gram matrix, which is stored whole, or as the rows of its upper triangle one after the
 * other:
 *
 * <pre>
 * 0 1 2      0 1 2
 * 1 3 4  as    3 4
 * 2 4 5          5
 * </pre>
 *
 * @param alpha factor on what is off the diagonal
 * @param factor on all of it
 */
record GramRows(WholeTensor stored, int order, double alpha, double factor) {

  /** Reads rows from {@code first} on. */
  void read(int first, Matrix into) {
    boolean isPacked = stored.shape().dimensions().size() == 1;
    double[] row = new double[order];
    for (int i = 0; i < into.rows(); i++) {
      int at = first + i;
      for (int j = 0; j < order; j++) {
        row[j] = checked(stored.at(isPacked ? packed(at, j) : at * order + j), at, j);
      }
      into.write(i, 0, row, 0, order);
    }
  }

  private int packed(int i, int j) {
    return Math.toIntExact(UpperTriangle.place(order, i, j));
  }

  private double checked(double element, int i, int j) {
    if (!Double.isFinite(element) || (i == j && element < 0)) {
      throw new IllegalArgumentException(
          "a Gram matrix has %s at row %s, column %s; compute it again".formatted(element, i, j));
    }
    return i == j ? factor * element : alpha * factor * element;
  }
}
