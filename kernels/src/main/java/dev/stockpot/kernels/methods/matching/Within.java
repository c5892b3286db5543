package dev.stockpot.kernels.methods.matching;

import dev.stockpot.kernels.matrix.Matrix;
import dev.stockpot.kernels.matrix.Permutation;

/** How the units of a head of one model stand for those of another. */
sealed interface Within {
  /** How alike they then are. */
  double sum(Matrix likeness);

  /** Which unit goes to a place, before any is turned. */
  int at(int place);

  /** The elements of what turns them, row by row. */
  double[] matrix();

  /** In other places. */
  record Places(Permutation order) implements Within {
    @Override
    public double sum(Matrix likeness) {
      return BestOrder.sum(likeness, order);
    }

    @Override
    public int at(int place) {
      return order.at(place);
    }

    @Override
    public double[] matrix() {
      return Turn.unturned(order.size());
    }
  }

  /**
   * Turned by an orthogonal matrix.
   *
   * @param matrix row by row
   */
  @SuppressWarnings("ArrayRecordComponent") // nobody asks whether two are equal
  record Turned(int units, double[] matrix) implements Within {
    @Override
    public double sum(Matrix likeness) {
      double sum = 0;
      double[] row = new double[units];
      for (int to = 0; to < units; to++) {
        likeness.read(to, 0, row, 0, units);
        for (int from = 0; from < units; from++) {
          sum += matrix[to * units + from] * row[from];
        }
      }
      return sum;
    }

    @Override
    public int at(int place) {
      return place;
    }
  }
}
