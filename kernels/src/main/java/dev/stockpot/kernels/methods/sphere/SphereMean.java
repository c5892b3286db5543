package dev.stockpot.kernels.methods.sphere;

import java.util.Arrays;

/**
 * The point of the sphere that is nearest to all directions, by steps of the mean tangent. Points
 * and tangents are coefficients of the unit vectors, so a step costs no look at the models.
 *
 * @param steps at most
 * @param tol a shorter step is the last, a smaller angle is none, a smaller norm has no direction
 */
record SphereMean(int steps, double tol) implements SpanMerge.Rule {
  /** Closer to the antipode than this, every tangent is as good, so none is taken. */
  private static final double LEAST_SINE = 1e-9;

  @Override
  public double[] weights(Gram gram) {
    double[] norms = gram.norms();
    double[] shares = shares(norms);
    double[] weights = mean(cosines(gram, norms, shares), shares);
    double norm = Arrays.stream(norms).sum() / norms.length; // of all, also those that are dropped
    for (int i = 0; i < weights.length; i++) {
      weights[i] = shares[i] == 0 ? 0 : norm * weights[i] / norms[i];
    }
    return weights;
  }

  /** Equal for all that have a direction, zero for those that have none; NaN has one. */
  private double[] shares(double[] norms) {
    long directions = Arrays.stream(norms).filter(norm -> !(norm <= tol)).count();
    return Arrays.stream(norms).map(norm -> norm <= tol ? 0 : 1.0 / directions).toArray();
  }

  private static Gram cosines(Gram gram, double[] norms, double[] shares) {
    double[][] cosines = new double[norms.length][norms.length];
    for (int i = 0; i < norms.length; i++) {
      for (int j = 0; j < norms.length; j++) {
        boolean both = shares[i] > 0 && shares[j] > 0;
        cosines[i][j] = both ? gram.products()[i][j] / (norms[i] * norms[j]) : 0;
      }
    }
    return new Gram(cosines);
  }

  private double[] mean(Gram cosines, double[] shares) {
    double[] mean = start(cosines, shares);
    for (int step = 0; step < steps; step++) {
      double[] tangent = tangent(cosines, shares, mean);
      double length = cosines.normOf(tangent);
      if (length < tol) {
        break;
      }
      double along = StrictMath.sin(length) / length; // strict: the same bits on every machine
      double stay = StrictMath.cos(length);
      for (int i = 0; i < mean.length; i++) {
        mean[i] = stay * mean[i] + along * tangent[i];
      }
      scale(mean, 1 / cosines.normOf(mean));
    }
    return mean;
  }

  /** The direction of the straight mean; the first vector's where that has none. */
  private double[] start(Gram cosines, double[] shares) {
    double[] start = shares.clone();
    double length = cosines.normOf(start);
    if (!(length < tol)) {
      scale(start, 1 / length);
      return start;
    }
    Arrays.fill(start, 0);
    for (int i = 0; i < shares.length; i++) {
      if (shares[i] > 0) {
        start[i] = 1;
        break;
      }
    }
    return start;
  }

  private double[] tangent(Gram cosines, double[] shares, double[] mean) {
    double[] tangent = new double[mean.length];
    for (int i = 0; i < mean.length; i++) {
      double cosine = Math.max(-1, Math.min(1, cosines.product(i, mean)));
      double angle = StrictMath.acos(cosine);
      double sine = StrictMath.sin(angle);
      if (shares[i] == 0 || angle < tol || sine < LEAST_SINE) {
        continue;
      }
      double factor = shares[i] * angle / sine;
      tangent[i] += factor;
      for (int j = 0; j < mean.length; j++) {
        tangent[j] -= factor * cosine * mean[j];
      }
    }
    return tangent;
  }

  private static void scale(double[] vector, double factor) {
    for (int i = 0; i < vector.length; i++) {
      vector[i] *= factor;
    }
  }
}
