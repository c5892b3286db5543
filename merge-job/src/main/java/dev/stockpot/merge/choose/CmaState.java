package dev.stockpot.merge.choose;

import dev.stockpot.kernels.matrix.Jacobi;
import java.util.Arrays;
import java.util.List;

/** Where a search by {@link CmaEs} stands between two generations: all the next one hangs on. */
final class CmaState {
  private static final double TOO_SMALL = 1e-11;
  private static final double TOO_LONG = 1e14;

  private final int generation;
  private final double[] mean;
  private final double sigma;
  private final double[][] covariance;
  private final double[] sigmaPath;
  private final double[] covariancePath;
  private final Jacobi eigen;

  private CmaState(
      int generation,
      double[] mean,
      double sigma,
      double[][] covariance,
      double[] sigmaPath,
      double[] covariancePath) {
    this.generation = generation;
    this.mean = mean;
    this.sigma = sigma;
    this.covariance = covariance;
    this.sigmaPath = sigmaPath;
    this.covariancePath = covariancePath;
    this.eigen = Jacobi.of(covariance);
  }

  static CmaState at(double[] mean, double sigma) {
    int n = mean.length;
    double[][] identity = new double[n][n];
    for (int i = 0; i < n; i++) {
      identity[i][i] = 1;
    }
    return new CmaState(0, mean.clone(), sigma, identity, new double[n], new double[n]);
  }

  /** The state that was written down. */
  static CmaState of(SearchState from) {
    return new CmaState(
        from.generation(),
        numbers(from.mean()),
        from.sigma(),
        from.symmetric(),
        numbers(from.sigmaPath()),
        numbers(from.covariancePath()));
  }

  /** All of it, to be written down. */
  SearchState data() {
    return new SearchState(
        generation,
        sigma,
        list(mean),
        SearchState.triangleOf(covariance),
        list(sigmaPath),
        list(covariancePath));
  }

  private static double[] numbers(List<Double> list) {
    return list.stream().mapToDouble(Double::doubleValue).toArray();
  }

  private static List<Double> list(double[] numbers) {
    return Arrays.stream(numbers).boxed().toList();
  }

  int generation() {
    return generation;
  }

  int dimensions() {
    return mean.length;
  }

  /** m + σ B D z. */
  double[] sample(double[] z) {
    double[] eigenvalues = eigen.values();
    double[] x = mean.clone();
    for (int i = 0; i < x.length; i++) {
      for (int j = 0; j < x.length; j++) {
        x[i] += sigma * eigen.vector(i, j) * root(eigenvalues[j]) * z[j];
      }
    }
    return x;
  }

  private static double root(double eigenvalue) {
    return StrictMath.sqrt(Math.max(eigenvalue, 0));
  }

  /** Whether steps have become too small to matter, or the ellipsoid too long to compute with. */
  boolean isConverged() {
    double[] values = eigen.values();
    double most = Arrays.stream(values).max().orElseThrow();
    double least = Arrays.stream(values).min().orElseThrow();
    return sigma * root(most) < TOO_SMALL || most > TOO_LONG * Math.max(least, 0);
  }

  /**
   * The state after a generation.
   *
   * @param points as they were drawn
   * @param ranks of each, 0 for the best; equal ones share the mean of their ranks
   * @param isFlat whether too many of the best are equal, so that steps should grow
   */
  CmaState next(List<double[]> points, double[] ranks, boolean isFlat) {
    int n = dimensions();
    CmaWeights w = CmaWeights.of(n, points.size());
    double[] weights = w.ofRanks(ranks);
    double[] newMean = new double[n];
    for (int k = 0; k < points.size(); k++) {
      for (int i = 0; i < n; i++) {
        newMean[i] += weights[k] * points.get(k)[i];
      }
    }
    double[] step = new double[n];
    for (int i = 0; i < n; i++) {
      step[i] = (newMean[i] - mean[i]) / sigma;
    }
    double[] whitened = whitened(step);
    double[] newSigmaPath = new double[n];
    double length = 0;
    for (int i = 0; i < n; i++) {
      newSigmaPath[i] =
          (1 - w.cSigma()) * sigmaPath[i]
              + StrictMath.sqrt(w.cSigma() * (2 - w.cSigma()) * w.effective()) * whitened[i];
      length += newSigmaPath[i] * newSigmaPath[i];
    }
    length = StrictMath.sqrt(length);
    double decay = 1 - StrictMath.pow(1 - w.cSigma(), 2.0 * (generation + 1));
    double h = length / StrictMath.sqrt(decay) < (1.4 + 2 / (n + 1.0)) * w.chi() ? 1 : 0;
    double[] newPath = new double[n];
    for (int i = 0; i < n; i++) {
      newPath[i] =
          (1 - w.cC()) * covariancePath[i]
              + h * StrictMath.sqrt(w.cC() * (2 - w.cC()) * w.effective()) * step[i];
    }
    double[][] newCovariance = adapted(points, weights, newPath, h, w);
    double grown = StrictMath.exp((w.cSigma() / w.dSigma()) * (length / w.chi() - 1));
    double ofFlat = isFlat ? StrictMath.exp(0.2 + w.cSigma() / w.dSigma()) : 1;
    return new CmaState(
        generation + 1, newMean, sigma * grown * ofFlat, newCovariance, newSigmaPath, newPath);
  }

  /** The covariance with what the generation's steps and the path add to it. */
  private double[][] adapted(
      List<double[]> points, double[] weights, double[] path, double h, CmaWeights w) {
    int n = dimensions();
    double[][] adapted = new double[n][n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j <= i; j++) {
        double ofPoints = 0;
        for (int k = 0; k < points.size(); k++) {
          double[] point = points.get(k);
          ofPoints += weights[k] * ((point[i] - mean[i]) / sigma) * ((point[j] - mean[j]) / sigma);
        }
        double ofPath = path[i] * path[j] + (1 - h) * w.cC() * (2 - w.cC()) * covariance[i][j];
        adapted[i][j] =
            (1 - w.c1() - w.cMu()) * covariance[i][j] + w.c1() * ofPath + w.cMu() * ofPoints;
        adapted[j][i] = adapted[i][j];
      }
    }
    return adapted;
  }

  /** C^(-1/2) y. */
  private double[] whitened(double[] y) {
    double[] eigenvalues = eigen.values();
    int n = y.length;
    double[] inEigenbasis = new double[n];
    for (int j = 0; j < n; j++) {
      for (int i = 0; i < n; i++) {
        inEigenbasis[j] += eigen.vector(i, j) * y[i];
      }
      double root = root(eigenvalues[j]);
      inEigenbasis[j] = root == 0 ? 0 : inEigenbasis[j] / root;
    }
    double[] whitened = new double[n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        whitened[i] += eigen.vector(i, j) * inEigenbasis[j];
      }
    }
    return whitened;
  }
}
