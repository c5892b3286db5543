package dev.stockpot.kernels.methods.sphere;

import dev.stockpot.kernels.statistic.PartialSums;
import dev.stockpot.kernels.statistic.Statistic;
import java.util.stream.IntStream;

/**
 * The inner products of several vectors, from which follows all that geometry needs to know of what
 * lies in their span: a vector there is its coefficients, one for each of them.
 *
 * @param products of vector i with vector j; symmetric
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Gram(double[][] products) {

  /** The product of vector i with vector j, for j from i on; asked for row by row. */
  @FunctionalInterface
  interface Products {
    double of(int i, int j);
  }

  static Gram of(int vectors, Products upper) {
    double[][] products = new double[vectors][vectors];
    for (int i = 0; i < vectors; i++) {
      for (int j = i; j < vectors; j++) {
        products[i][j] = upper.of(i, j);
        products[j][i] = products[i][j];
      }
    }
    return new Gram(products);
  }

  /** What a {@link GramScan} found for so many vectors. */
  static Gram of(Statistic found, int vectors) {
    PartialSums sums = (PartialSums) found;
    int[] sum = {0};
    return of(vectors, (i, j) -> sums.total(sum[0]++));
  }

  int vectors() {
    return products.length;
  }

  double norm(int i) {
    return Math.sqrt(products[i][i]);
  }

  double[] norms() {
    return IntStream.range(0, vectors()).mapToDouble(this::norm).toArray();
  }

  /** The inner product of vector {@code i} and the vector of these coefficients. */
  double product(int i, double... coefficients) {
    double product = 0;
    for (int j = 0; j < coefficients.length; j++) {
      product += products[i][j] * coefficients[j];
    }
    return product;
  }

  /** The norm of the vector of these coefficients. */
  double normOf(double... coefficients) {
    double squared = 0;
    for (int i = 0; i < coefficients.length; i++) {
      squared += coefficients[i] * product(i, coefficients);
    }
    return Math.sqrt(Math.max(0, squared)); // rounding can make it negative; NaN stays NaN
  }
}
