package dev.stockpot.kernels.methods.sphere;

/**
 * A place between two vectors, as the weights of both.
 *
 * @param first weight of the vector at place 0
 * @param second weight of the vector at place 1
 */
record Arc(double first, double second) {

  /** The place {@code t} on the straight line. */
  static Arc line(double t) {
    return new Arc(1 - t, t);
  }

  /** The place {@code t} on the arc between vectors with this cosine. */
  static Arc curve(double cosine, double t) {
    double angle = StrictMath.acos(cosine); // strict: the same bits on every machine
    double sine = StrictMath.sin(angle);
    return new Arc(StrictMath.sin(angle * (1 - t)) / sine, StrictMath.sin(angle * t) / sine);
  }
}
