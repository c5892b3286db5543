package dev.stockpot.kernels.matrix;

import dev.stockpot.kernels.MatrixKernels;
import dev.stockpot.kernels.matrix.Multiplication.Wanted;
import java.util.Comparator;
import java.util.stream.IntStream;

/** All singular values and vectors: reduction to bidiagonal form, then divide and conquer. */
final class SingularValues {
  private static final double NOTHING = 0x1p-106; // a rounding of a rounding

  private final MatrixMemory memory;
  private final MatrixKernels kernels;
  private final Multiplication multiplication;
  private final TallQr qr;
  private final Bidiagonalization bidiagonalization;
  private final PackedReflections reflections;

  SingularValues(
      MatrixMemory memory,
      MatrixKernels kernels,
      Multiplication multiplication,
      Householder householder,
      TallQr qr) {
    this.memory = memory;
    this.kernels = kernels;
    this.multiplication = multiplication;
    this.qr = qr;
    bidiagonalization = new Bidiagonalization(memory, kernels, multiplication);
    reflections = new PackedReflections(memory, multiplication, householder);
  }

  Svd of(Matrix a) {
    double scale = Sums.scale(Sums.largestFinite(a));
    boolean wide = a.rows() < a.columns();
    try (Matrix work = memory.copy(wide ? a.transposed() : a)) {
      Sums.multiply(work, 1 / scale);
      Svd scaled = 2L * work.rows() > 3L * work.columns() ? ofTall(work) : ofScaled(work);
      Svd found = scaled.times(scale);
      return wide ? found.turned() : found;
    }
  }

  /** By the triangle of its QR. */
  private Svd ofTall(Matrix a) {
    int n = a.columns();
    try (Matrix q = qr.factor(a);
        Svd small = ofScaled(a.window(0, 0, n, n))) {
      Matrix left = memory.matrix(n, a.rows());
      multiplication.set(1, small.left(), q.transposed(), left, Wanted.ALL);
      return new Svd(left, small.values(), memory.copy(small.right()));
    }
  }

  /** Destroys it. */
  private Svd ofScaled(Matrix a) {
    int m = a.rows();
    int n = a.columns();
    Bidiagonal reduced = bidiagonalization.reduce(a);
    dropNothings(reduced);
    Matrix left = memory.zeros(n, m);
    Matrix right = memory.matrix(n, n);
    double[] values = new double[n];
    try (DivideAndConquer halves =
        new DivideAndConquer(memory, kernels, multiplication, reduced.diagonal, reduced.beside)) {
      halves.solve();
      int[] order =
          IntStream.range(0, n)
              .boxed()
              .sorted(Comparator.comparingDouble(i -> -halves.values()[i]))
              .mapToInt(Integer::intValue)
              .toArray();
      double[] row = new double[n];
      for (int i = 0; i < n; i++) {
        values[i] = halves.values()[order[i]];
        halves.left().read(order[i], 0, row, 0, n);
        left.write(i, 0, row, 0, n);
        halves.right().read(order[i], 0, row, 0, n);
        right.write(i, 0, row, 0, n);
      }
    }
    reflections.applyLeft(reduced, left.transposed());
    reflections.applyRight(reduced, right.transposed());
    return new Svd(left, values, right);
  }

  /**
   * Elements that are nothing beside the largest count as zero: squares of them would underflow. It
   * changes no value by more than a rounding of a rounding, and matrices of low rank are full of
   * them.
   */
  private static void dropNothings(Bidiagonal reduced) {
    double largest = 0;
    for (double element : reduced.diagonal) {
      largest = Math.max(largest, Math.abs(element));
    }
    for (double element : reduced.beside) {
      largest = Math.max(largest, Math.abs(element));
    }
    dropBelow(largest * NOTHING, reduced.diagonal);
    dropBelow(largest * NOTHING, reduced.beside);
  }

  private static void dropBelow(double least, double[] elements) {
    for (int i = 0; i < elements.length; i++) {
      if (Math.abs(elements[i]) < least) {
        elements[i] = 0;
      }
    }
  }
}
