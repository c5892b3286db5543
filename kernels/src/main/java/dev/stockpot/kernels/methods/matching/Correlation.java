package dev.stockpot.kernels.methods.matching;

import dev.stockpot.kernels.Operand;
import dev.stockpot.kernels.matrix.Matrix;
import dev.stockpot.kernels.matrix.UpperTriangle;

/**
 * How alike each unit of one model is to each of another by what both do on the same examples: the
 * correlation of their activations. Of units that always do the same it is 0.
 *
 * @see <a href="https://arxiv.org/abs/2209.04836">Git Re-Basin: Merging Models modulo Permutation
 *     Symmetries</a>, activation matching
 */
public final class Correlation {
  private Correlation() {}

  /**
   * Adds the correlations of units that lie one behind the other.
   *
   * @param products sums of the products of each place of one model with each of the other, a row
   *     for each place of the first
   * @param scale what makes means of them
   * @param first place of the first unit
   * @param members places of each unit, whose correlations are added
   * @param into a row for each unit of one model, a column for each of the other
   * @throws IllegalArgumentException if they do not fit each other
   */
  public static void add(
      Activity one,
      Activity other,
      Operand products,
      double scale,
      int first,
      int members,
      Matrix into) {
    int units = into.rows();
    int end = first + units * members;
    if (products.elements() != (long) one.places() * other.places()
        || end > Math.min(one.places(), other.places())
        || into.columns() != units) {
      throw new IllegalArgumentException(
          "%s units of %s from %s on: %s products of %s and %s places"
              .formatted(units, members, first, products.elements(), one.places(), other.places()));
    }
    double[] row = new double[units];
    for (int unit = 0; unit < units; unit++) {
      into.read(unit, 0, row, 0, units);
      for (int member = 0; member < members; member++) {
        int place = first + unit * members + member;
        for (int column = 0; column < units; column++) {
          int there = first + column * members + member;
          double product = products.at(place * other.places() + there) * scale;
          row[column] += of(one, other, product, place, there);
        }
      }
      into.write(unit, 0, row, 0, units);
    }
  }

  /**
   * Adds the correlations of units within one model.
   *
   * @param gram sums of the products of each place with each: whole, or the upper triangle
   * @param into a row and a column for each unit
   * @throws IllegalArgumentException if they do not fit each other
   */
  public static void addWithin(
      Activity one, Operand gram, double scale, int first, int members, Matrix into) {
    int places = one.places();
    int end = first + into.rows() * members;
    boolean isWhole = gram.elements() == (long) places * places;
    if (end > places || (!isWhole && gram.elements() != UpperTriangle.elements(places))) {
      throw new IllegalArgumentException(
          "%s units of %s from %s on: %s products within %s places"
              .formatted(into.rows(), members, first, gram.elements(), places));
    }
    for (int unit = 0; unit < into.rows(); unit++) {
      for (int other = 0; other < into.rows(); other++) {
        double sum = into.at(unit, other);
        for (int member = 0; member < members; member++) {
          int row = first + Math.min(unit, other) * members + member;
          int column = first + Math.max(unit, other) * members + member;
          long element =
              isWhole ? (long) row * places + column : UpperTriangle.place(places, row, column);
          sum += of(one, one, gram.at((int) element) * scale, row, column);
        }
        into.set(unit, other, sum);
      }
    }
  }

  private static double of(Activity one, Activity other, double product, int place, int there) {
    double deviations = one.deviation(place) * other.deviation(there);
    return deviations == 0 ? 0 : (product - one.mean(place) * other.mean(there)) / deviations;
  }
}
