package dev.stockpot.kernels.methods.widths;

import java.io.Serializable;

/**
 * What lies beside products over examples: sums of x and of y, and squares of y.
 *
 * @param samples of each sum
 * @param weight samples that the products count: as many where they are sums, 1 where means
 * @param isCentered whether means are taken away
 * @param squares what YᵀY, or its diagonal, is multiplied with to be of as many samples as XᵀX; 0
 *     if it is not there
 */
public record CrossSums(double samples, double weight, boolean isCentered, double squares)
    implements Serializable {
  public CrossSums {
    if (!(samples >= 1) || !(weight >= 1) || !(squares >= 0)) {
      throw new IllegalArgumentException(
          "sums of %s samples, products of %s, squares times %s"
              .formatted(samples, weight, squares));
    }
  }
}
