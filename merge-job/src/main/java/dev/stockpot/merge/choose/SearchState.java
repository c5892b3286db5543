package dev.stockpot.merge.choose;

import java.util.ArrayList;
import java.util.List;

/**
 * Where a search by covariance matrix adaptation stands between two generations: with a seed, all
 * that its next proposals hang on.
 *
 * @param generation how many there were; draws are a function of it
 * @param sigma the step, of the unit cube
 * @param mean in the unit cube, or beyond where draws are mirrored
 * @param covariance of the steps' directions: the lower triangle, row after row
 * @param sigmaPath by which the step is adapted
 * @param covariancePath by which the covariance is
 */
public record SearchState(
    int generation,
    double sigma,
    List<Double> mean,
    List<Double> covariance,
    List<Double> sigmaPath,
    List<Double> covariancePath) {
  public SearchState {
    mean = List.copyOf(mean);
    covariance = List.copyOf(covariance);
    sigmaPath = List.copyOf(sigmaPath);
    covariancePath = List.copyOf(covariancePath);
    int n = mean.size();
    if (generation < 0 || !(sigma > 0) || Double.isInfinite(sigma) || n < 1) {
      throw new IllegalArgumentException(
          "generation is %s, sigma is %s, in %s dimensions".formatted(generation, sigma, n));
    }
    if (sigmaPath.size() != n || covariancePath.size() != n || covariance.size() != triangle(n)) {
      throw new IllegalArgumentException(
          "of %s dimensions, paths have %s and %s, and the covariance has %s entries of %s"
              .formatted(
                  n, sigmaPath.size(), covariancePath.size(), covariance.size(), triangle(n)));
    }
    for (List<Double> numbers : List.of(mean, covariance, sigmaPath, covariancePath)) {
      if (!numbers.stream().allMatch(Double::isFinite)) {
        throw new IllegalArgumentException("%s are not all finite".formatted(numbers));
      }
    }
  }

  private static int triangle(int n) {
    return n * (n + 1) / 2;
  }

  static List<Double> triangleOf(double[][] symmetric) {
    List<Double> lower = new ArrayList<>();
    for (int i = 0; i < symmetric.length; i++) {
      for (int j = 0; j <= i; j++) {
        lower.add(symmetric[i][j]);
      }
    }
    return lower;
  }

  /** The whole covariance. */
  double[][] symmetric() {
    int n = mean.size();
    double[][] whole = new double[n][n];
    int at = 0;
    for (int i = 0; i < n; i++) {
      for (int j = 0; j <= i; j++) {
        whole[i][j] = covariance.get(at);
        whole[j][i] = covariance.get(at);
        at++;
      }
    }
    return whole;
  }
}
