package dev.stockpot.kernels.methods.matching;

import dev.stockpot.kernels.matrix.Demand;
import dev.stockpot.kernels.matrix.Matrices;
import dev.stockpot.kernels.matrix.Permutation;
import dev.stockpot.kernels.matrix.UpperTriangle;
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
        long element = UpperTriangle.place(size, order.at(row), order.at(column));
        output.elements().floats().put(at++, (float) from.at((int) element));
      }
    }
  }
}
