package dev.stockpot.kernels.matrix;

import dev.stockpot.kernels.MatrixKernels;

/**
 * The reflection that turns a vector into a multiple of the first unit vector: {@code I - scale v
 * vᵀ}, v beginning with one.
 *
 * @param made what the first element becomes; its magnitude is the vector's norm
 * @param scale zero if there is nothing to do
 */
record Reflection(double made, double scale) {
  /** Squares below lose digits to underflow, or are none; such numbers are scaled up first. */
  private static final double LEAST_SQUARE = 0x1p-900;

  private static final double UP = 0x1p512;

  /** Makes it; what follows the first element is replaced by what follows the one of v. */
  static Reflection of(MatrixKernels kernels, double[] x, int first, int count) {
    double head = x[first];
    double square = kernels.dot(x, first + 1, x, first + 1, count - 1);
    double all = Math.fma(head, head, square);
    if (all < LEAST_SQUARE && !isZero(x, first + 1, count - 1)) {
      for (int i = first; i < first + count; i++) {
        x[i] *= UP;
      }
      Reflection scaled = of(kernels, x, first, count);
      return new Reflection(scaled.made / UP, scaled.scale);
    }
    if (square == 0) {
      return new Reflection(head, 0);
    }
    double norm = Math.sqrt(all);
    double made = head > 0 ? -norm : norm;
    double divisor = head - made;
    for (int i = first + 1; i < first + count; i++) {
      x[i] /= divisor;
    }
    return new Reflection(made, (made - head) / made);
  }

  private static boolean isZero(double[] x, int first, int count) {
    for (int i = first; i < first + count; i++) {
      if (x[i] != 0) {
        return false;
      }
    }
    return true;
  }
}
