package dev.stockpot.kernels.methods.matching;

import dev.stockpot.kernels.matrix.Demand;
import dev.stockpot.kernels.matrix.Matrices;
import dev.stockpot.kernels.matrix.Matrix;

/**
 * How alike each unit of one model is to each of another: the sum, over all tensors, of the
 * products of what both are connected with. A permutation with the largest sum of these has the
 * least distance.
 *
 * @see <a href="https://arxiv.org/abs/2209.04836">Git Re-Basin: Merging Models modulo Permutation
 *     Symmetries</a>
 */
public final class Likeness {
  /** Features of all units that are float64 at once. */
  private static final int AT_ONCE = 256;

  private Likeness() {}

  /**
   * Adds what a tensor tells.
   *
   * @param into a row for each unit of one model, a column for each of the other
   * @throws IllegalArgumentException if the two do not fit each other
   */
  public static void add(Matrices algebra, UnitTensor one, UnitTensor other, Matrix into) {
    if (one.features() != other.features()
        || one.units() != into.rows()
        || other.units() != into.columns()) {
      throw new IllegalArgumentException(
          "%s x %s and %s x %s are no %s"
              .formatted(one.units(), one.features(), other.units(), other.features(), into));
    }
    for (int first = 0; first < one.features(); first += AT_ONCE) {
      int count = Math.min(AT_ONCE, one.features() - first);
      try (Matrix ours = algebra.zeros(count, one.units());
          Matrix theirs = algebra.zeros(count, other.units())) {
        fill(one, first, ours);
        fill(other, first, theirs);
        algebra.addProduct(1, ours.transposed(), theirs, into);
      }
    }
  }

  /**
   * Makes cosines of products: 0 for units that are connected with nothing.
   *
   * @param ours sum of squares of each row's unit
   * @param theirs of each column's
   */
  public static void toCosines(Matrix products, double[] ours, double[] theirs) {
    double[] row = new double[theirs.length];
    for (int unit = 0; unit < ours.length; unit++) {
      products.read(unit, 0, row, 0, row.length);
      for (int other = 0; other < row.length; other++) {
        double lengths = Math.sqrt(ours[unit] * theirs[other]);
        row[other] = lengths == 0 ? 0 : row[other] / lengths;
      }
      products.write(unit, 0, row, 0, row.length);
    }
  }

  /** Memory and operations of adding a tensor, what it is added to aside. */
  public static Demand demand(long units, long features) {
    long block = Math.min(AT_ONCE, features);
    Demand blocks = Demand.matrix(block, units).each(2);
    return new Demand(blocks.bytes(), 2.0 * units * units * features);
  }

  /** Writes features from one on, a row for each. */
  private static void fill(UnitTensor tensor, int first, Matrix into) {
    int units = tensor.units();
    double[] row = new double[units];
    if (tensor.liesByFeature()) {
      for (int feature = 0; feature < into.rows(); feature++) {
        for (int unit = 0; unit < units; unit++) {
          row[unit] = tensor.at(unit, first + feature);
        }
        into.write(feature, 0, row, 0, units);
      }
      return;
    }
    for (int unit = 0; unit < units; unit++) {
      for (int feature = 0; feature < into.rows(); feature++) {
        into.set(feature, unit, tensor.at(unit, first + feature));
      }
    }
  }
}
