package dev.stockpot.kernels.methods.matching;

import dev.stockpot.kernels.matrix.Demand;
import dev.stockpot.kernels.matrix.Matrices;
import dev.stockpot.kernels.matrix.Matrix;
import dev.stockpot.kernels.matrix.Permutation;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Optional;

/** The order of units that are most alike to those of another model in sum. */
final class BestOrder {
  private BestOrder() {}

  /** Of equally good ones always the same. */
  static Permutation of(Matrices algebra, Matrix likeness) {
    return byRows(likeness).orElseGet(() -> Permutation.of(algebra.assignmentOfMost(likeness)));
  }

  /** Each row's largest, if no two rows want the same: then nothing can be better. */
  private static Optional<Permutation> byRows(Matrix likeness) {
    int size = likeness.rows();
    int[] best = new int[size];
    BitSet taken = new BitSet(size);
    double[] row = new double[size];
    for (int i = 0; i < size; i++) {
      likeness.read(i, 0, row, 0, size);
      for (int j = 1; j < size; j++) {
        if (!(row[j] <= row[best[i]])) { // NaN is for the assignment to refuse
          best[i] = j;
        }
      }
      if (taken.get(best[i]) || Arrays.stream(row).anyMatch(value -> !Double.isFinite(value))) {
        return Optional.empty();
      }
      taken.set(best[i]);
    }
    return Optional.of(Permutation.of(best));
  }

  /** The sum over all places. */
  static double sum(Matrix likeness, Permutation order) {
    double sum = 0;
    for (int place = 0; place < order.size(); place++) {
      sum += likeness.at(place, order.at(place));
    }
    return sum;
  }

  /** Memory beside the likeness itself: prices, and what is open while a path is sought. */
  static Demand demand(long units) {
    return new Demand(64 * units, (double) units * units * Math.sqrt((double) units));
  }
}
