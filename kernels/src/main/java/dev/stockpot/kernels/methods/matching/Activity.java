package dev.stockpot.kernels.methods.matching;

import dev.stockpot.kernels.Operand;
import dev.stockpot.kernels.matrix.UpperTriangle;

/** What places of a layer's input do over many examples: the mean and the deviation of each. */
public final class Activity {
  /** Of the mean square: sums are mostly stored as float32, so that less is rounding alone. */
  private static final double LEAST = 1e-6;

  private final double[] means;
  private final double[] deviations;

  private Activity(double[] means, double[] deviations) {
    this.means = means;
    this.deviations = deviations;
  }

  /**
   * Means and deviations.
   *
   * @param sums of each place over the examples
   * @param sumScale what makes means of them
   * @param squares sums of squares: of each place, or on the diagonal of a Gram matrix, which is
   *     whole or the rows of its upper triangle
   * @param squareScale what makes means of them
   * @throws IllegalArgumentException if there are not as many squares as that
   */
  public static Activity of(Operand sums, double sumScale, Operand squares, double squareScale) {
    int places = sums.elements();
    double[] means = new double[places];
    double[] deviations = new double[places];
    for (int place = 0; place < places; place++) {
      means[place] = sums.at(place) * sumScale;
      double square = squares.at(diagonal(place, places, squares.elements())) * squareScale;
      double variance = square - means[place] * means[place];
      deviations[place] = variance > LEAST * square ? Math.sqrt(variance) : 0;
    }
    return new Activity(means, deviations);
  }

  private static int diagonal(int place, int places, int elements) {
    if (elements == places) {
      return place;
    }
    if (elements == Math.multiplyExact(places, places)) {
      return place * (places + 1);
    }
    if (elements == UpperTriangle.elements(places)) {
      return (int) UpperTriangle.place(places, place, place);
    }
    throw new IllegalArgumentException(
        "%s numbers have no squares of %s places".formatted(elements, places));
  }

  int places() {
    return means.length;
  }

  double mean(int place) {
    return means[place];
  }

  /** 0 where a place always does the same. */
  double deviation(int place) {
    return deviations[place];
  }
}
