package dev.stockpot.kernels.matrix;

/**
 * The singular values of an arrow: a square with {@code z} as its first row and {@code d} below on
 * its diagonal, {@code 0 = d[0] < d[1] < …}. They are the roots of {@code 1 + Σ z²/(d² - x²)}, one
 * between any two neighbours of d and one above the last. Each is found as its distance from the
 * nearest of d, so that all differences {@code d - x} are accurate (Li, 1994; Gu and Eisenstat,
 * 1995).
 */
final class Secular {
  private static final double EPSILON = 0x1p-53;
  private static final int MOST_STEPS = 120;

  private final double[] d;
  private final double[] z;
  private final int count;
  private final double squares;

  private int origin;
  private double above;
  private double lower;
  private double upper;
  private double value;
  private double slopeBelow;
  private double slopeAbove;
  private double noise;

  /**
   * Of the first so many elements, at least two.
   *
   * @param z none of them zero
   */
  Secular(double[] d, double[] z, int count) {
    this.d = d;
    this.z = z;
    this.count = count;
    double sum = 0;
    for (int k = 0; k < count; k++) {
      sum = Math.fma(z[k], z[k], sum);
    }
    this.squares = sum;
  }

  /**
   * Finds a root.
   *
   * @param differences takes {@code d[k]² - x²} for each k
   * @return x
   */
  double root(int i, double[] differences) {
    int low = Math.min(i, count - 2);
    bracket(i);
    evaluate(low);
    for (int step = 0; step < MOST_STEPS && Math.abs(value) > EPSILON * noise; step++) {
      if (value < 0) {
        lower = above;
      } else {
        upper = above;
      }
      double next = above + step(low);
      if (!(next > lower && next < upper)) {
        next = lower + (upper - lower) / 2;
      }
      if (next == above || next == lower || next == upper) {
        break;
      }
      above = next;
      evaluate(low);
    }
    for (int k = 0; k < count; k++) {
      differences[k] = difference(k);
    }
    return d[origin] + above;
  }

  /** Chooses the nearer neighbour as origin, and where to begin. */
  private void bracket(int i) {
    origin = i;
    if (i == count - 1) {
      lower = 0;
      upper = squares / (d[i] + Math.sqrt(Math.fma(d[i], d[i], squares)));
      upper = Math.nextUp(upper * (1 + 8 * EPSILON));
      above = upper / 2;
      return;
    }
    double half = (d[i + 1] - d[i]) / 2;
    above = half;
    evaluate(i);
    if (value >= 0) {
      lower = 0;
      upper = half;
    } else {
      origin = i + 1;
      lower = -half;
      upper = 0;
      above = -half;
    }
  }

  /** {@code d[k]² - x²}. */
  private double difference(int k) {
    return (d[k] - d[origin] - above) * (d[k] + d[origin] + above);
  }

  private void evaluate(int low) {
    double below = 0;
    double slope = 0;
    double rounding = 0;
    for (int k = 0; k <= low; k++) {
      double part = z[k] / difference(k);
      below = Math.fma(z[k], part, below);
      slope = Math.fma(part, part, slope);
      rounding -= below;
    }
    slopeBelow = slope;
    double rest = 0;
    slope = 0;
    for (int k = count - 1; k > low; k--) {
      double part = z[k] / difference(k);
      rest = Math.fma(z[k], part, rest);
      slope = Math.fma(part, part, slope);
      rounding += Math.abs(rest);
    }
    slopeAbove = slope;
    value = 1 + below + rest;
    noise = 1 + Math.abs(below) + Math.abs(rest) + Math.abs(rounding);
  }

  /**
   * Where a function with two poles would be zero that has the same value, and the same slopes of
   * what lies below and above (the middle way of Li, 1994).
   */
  private double step(int low) {
    double x = d[origin] + above;
    double first = difference(low);
    double second = difference(low + 1);
    double c = value - first * slopeBelow - second * slopeAbove;
    double a = (first + second) * value - first * second * (slopeBelow + slopeAbove);
    double b = first * second * value;
    double root = Math.sqrt(Math.abs(a * a - 4 * b * c));
    double eta = a <= 0 ? (a - root) / (2 * c) : 2 * b / (a + root);
    if (!(value * eta < 0)) {
      eta = -value / (slopeBelow + slopeAbove);
    }
    double square = Math.fma(x, x, eta);
    return square > 0 ? eta / (x + Math.sqrt(square)) : Double.NaN;
  }
}
