package dev.stockpot.kernels.methods;

import java.util.Arrays;

/** Vectors in float64, for the formulas that merges are compared with. */
public final class Vectors {
  private Vectors() {}

  public static double[] of(float... values) {
    double[] vector = new double[values.length];
    for (int e = 0; e < vector.length; e++) {
      vector[e] = values[e];
    }
    return vector;
  }

  public static double[] minus(float[] a, float[] b) {
    return sum(1, of(a), -1, of(b));
  }

  public static double product(double[] a, double[] b) {
    double product = 0;
    for (int e = 0; e < a.length; e++) {
      product += a[e] * b[e];
    }
    return product;
  }

  public static double norm(double... a) {
    return Math.sqrt(product(a, a));
  }

  public static double cosine(double[] a, double[] b) {
    return product(a, b) / (norm(a) * norm(b));
  }

  public static double[] scaled(double factor, double... a) {
    return Arrays.stream(a).map(x -> factor * x).toArray();
  }

  public static double[] sum(double p, double[] a, double q, double[] b) {
    double[] sum = new double[a.length];
    for (int e = 0; e < sum.length; e++) {
      sum[e] = p * a[e] + q * b[e];
    }
    return sum;
  }

  /** The place {@code t} on the arc between two vectors. */
  public static double[] slerp(double t, double[] a, double[] b) {
    double angle = Math.acos(cosine(a, b));
    return sum(
        Math.sin((1 - t) * angle) / Math.sin(angle), a, Math.sin(t * angle) / Math.sin(angle), b);
  }
}
