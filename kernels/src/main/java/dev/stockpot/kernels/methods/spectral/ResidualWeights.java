package dev.stockpot.kernels.methods.spectral;

import java.util.Arrays;

/**
 * How much of each rest and of each head goes into the merge.
 *
 * @param rests factors on what is left of each task vector without its head
 * @param heads factors on the heads
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record ResidualWeights(double[] rests, double[] heads) {

  /**
   * From inner products.
   *
   * @param rests of what is left of each task vector
   * @param heads of the heads
   * @param isTrusted whether agreement lowers the exponent
   */
  static ResidualWeights of(double[][] rests, double[][] heads, boolean isTrusted) {
    double[] factors = rests(rests, isTrusted);
    double norm = Math.sqrt(Math.max(0, form(rests, factors)));
    double[] ones = new double[rests.length];
    Arrays.fill(ones, 1);
    double sum = Math.sqrt(Math.max(0, form(heads, ones)));
    double share =
        sum == 0 ? 0 : Residuals.headShare() * meanOfPairs(heads, /* least= */ 0) * norm / sum;
    double[] shares = new double[rests.length];
    Arrays.fill(shares, share);
    return new ResidualWeights(factors, shares);
  }

  private static double[] rests(double[][] gram, boolean isTrusted) {
    int models = gram.length;
    double[] norms = new double[models];
    double[] units = new double[models];
    for (int i = 0; i < models; i++) {
      norms[i] = Math.sqrt(Math.max(0, gram[i][i]));
      units[i] = norms[i] == 0 ? 0 : 1 / (norms[i] + Residuals.epsilon());
    }
    double length = Math.sqrt(Math.max(0, form(gram, units)));
    double closeness = closeness(gram, norms, units, length);
    double[] factors = new double[models];
    if (length <= Residuals.epsilon() || closeness <= 1 / Math.sqrt(models)) {
      Arrays.fill(factors, 1.0 / models);
      return factors;
    }
    double agreement = meanOfPairs(gram, /* least= */ -1);
    double exponent = Residuals.exponent(agreement, closeness, isTrusted);
    double mean = Arrays.stream(norms).sum() / models;
    for (int i = 0; i < models; i++) {
      factors[i] = Math.pow(closeness, exponent) * mean * units[i] / length;
    }
    return factors;
  }

  /** Mean cosine with the sum of all directions. */
  private static double closeness(double[][] gram, double[] norms, double[] units, double length) {
    double sum = 0;
    for (int i = 0; i < gram.length; i++) {
      double inner = 0;
      for (int j = 0; j < gram.length; j++) {
        inner += units[j] * gram[i][j];
      }
      sum += norms[i] == 0 || length == 0 ? 0 : inner / norms[i] / length;
    }
    return Residuals.clamp(sum / gram.length);
  }

  /** Mean cosine of two, none counting less than so much; one alone agrees with itself. */
  private static double meanOfPairs(double[][] gram, double least) {
    double sum = 0;
    int pairs = 0;
    for (int i = 0; i < gram.length; i++) {
      for (int j = i + 1; j < gram.length; j++) {
        double norms = Math.sqrt(gram[i][i]) * Math.sqrt(gram[j][j]);
        sum += norms > 0 ? Math.max(least, gram[i][j] / norms) : 0;
        pairs++;
      }
    }
    return pairs == 0 ? 1 : sum / pairs;
  }

  private static double form(double[][] gram, double[] factors) {
    double sum = 0;
    for (int i = 0; i < factors.length; i++) {
      for (int j = 0; j < factors.length; j++) {
        sum += factors[i] * factors[j] * gram[i][j];
      }
    }
    return sum;
  }
}
