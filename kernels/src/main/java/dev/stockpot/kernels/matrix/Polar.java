package dev.stockpot.kernels.matrix;

import dev.stockpot.kernels.matrix.Multiplication.Wanted;
import java.util.List;

/**
 * The polar factor {@code U Vᵀ} by products alone: Newton and Schulz's iteration, begun with steps
 * that lift small singular values faster and do not converge (those of Muon, Jordan 2024). A
 * singular value below about 1e-7 of the norm stays small, so that a matrix of low rank gets no
 * directions that are not its own.
 */
final class Polar {
  private static final int FAST_STEPS = 5;
  private static final double[] FAST = {3.4445, -4.7750, 2.0315};
  private static final int MOST_STEPS = 60;

  /** Times the root of the number of columns: from here on an error is squared in each step. */
  private static final double NEAR = 1e-5;

  private static final int STEPS_WHEN_NEAR = 3;

  private final MatrixMemory memory;
  private final Multiplication multiplication;
  private final Sums sums;

  Polar(MatrixMemory memory, Multiplication multiplication, Sums sums) {
    this.memory = memory;
    this.multiplication = multiplication;
    this.sums = sums;
  }

  Matrix of(Matrix a) {
    double scale = Sums.scale(Sums.largestFinite(a));
    boolean wide = a.rows() < a.columns();
    try (Matrix x = memory.copy(wide ? a.transposed() : a)) {
      Sums.multiply(x, 1 / scale);
      double norm = Math.sqrt(sums.inner(x, x));
      if (norm > 0) {
        Sums.multiply(x, 1 / norm);
        iterate(x);
      }
      return memory.copy(wide ? x.transposed() : x);
    }
  }

  private void iterate(Matrix x) {
    int n = x.columns();
    try (Matrix gram = memory.matrix(n, n);
        Matrix square = memory.matrix(n, n);
        Matrix factor = memory.matrix(n, n);
        Matrix next = memory.matrix(x.rows(), n)) {
      for (int step = 0; step < FAST_STEPS; step++) {
        gram(x, gram);
        multiplication.set(1, gram, gram, square, Wanted.LOWER);
        Transposition.mirror(square);
        sums.weighted(List.of(gram, square), new double[] {FAST[1], FAST[2]}, factor);
        replace(x, factor, FAST[0], next);
      }
      int end = MOST_STEPS;
      for (int step = 0; step < end; step++) {
        gram(x, gram);
        sums.weighted(List.of(gram), new double[] {-0.5}, factor);
        double change = replace(x, factor, 1.5, next);
        if (end == MOST_STEPS && change <= NEAR * Math.sqrt(n)) {
          end = step + 1 + STEPS_WHEN_NEAR;
        }
      }
    }
  }

  private void gram(Matrix x, Matrix gram) {
    multiplication.set(1, x.transposed(), x, gram, Wanted.LOWER);
    Transposition.mirror(gram);
  }

  /** {@code x = x (factor + shift I)}; returns how far that is. */
  private double replace(Matrix x, Matrix factor, double shift, Matrix next) {
    for (int i = 0; i < factor.rows(); i++) {
      factor.set(i, i, factor.at(i, i) + shift);
    }
    multiplication.set(1, x, factor, next, Wanted.ALL);
    sums.addScaled(-1, next, x);
    double change = Math.sqrt(sums.inner(x, x));
    Sums.copy(next, x);
    return change;
  }
}
