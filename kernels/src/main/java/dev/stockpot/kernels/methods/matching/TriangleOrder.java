package dev.stockpot.kernels.methods.matching;

import dev.stockpot.kernels.matrix.Demand;
import dev.stockpot.kernels.matrix.Matrices;
import dev.stockpot.kernels.matrix.Permutation;
import dev.stockpot.kernels.method.MatrixProgram;
import dev.stockpot.kernels.method.WholeTensor;
import java.util.List;

/**
 * The upper triangle of a symmetric matrix, row by row, with rows and columns in another order.
 *
 * @param order which of them goes to each place
 */
record TriangleOrder(Permutation order) implements MatrixProgram {
  @Override
  public Demand demand() {
    return Demand.NONE;
  }

  @Override
  public void make(Matrices algebra, List<WholeTensor> inputs, WholeTensor output) {
    WholeTensor from = inputs.get(0);
    int size = order.size();
    int at = 0;
    for (int row = 0; row < size; row++) {
      for (int column = row; column < size; column++) {
        int one = Math.min(order.at(row), order.at(column));
        int other = Math.max(order.at(row), order.at(column));
        long element = (long) one * size - (long) one * (one - 1) / 2 + other - one;
        output.elements().floats().put(at++, (float) from.at((int) element));
      }
    }
  }
}
