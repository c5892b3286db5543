package dev.stockpot.kernels.matrix;

import dev.stockpot.kernels.matrix.Multiplication.Wanted;
import dev.stockpot.kernels.random.RandomStream;
import java.util.Arrays;

/**
 * The largest singular values and their vectors by subspace iteration from random vectors (Halko,
 * Martinsson and Tropp, 2011): a few vectors more than are wanted, multiplied by the matrix and its
 * transpose in turns until what they catch of it no longer grows.
 */
final class RangeFinder {
  private static final int LEAST_MORE = 16;
  private static final int MOST_ROUNDS = 10;

  /** Of the sum of the wanted squares, what a round has to gain to be followed by another. */
  private static final double GAIN = 1e-9;

  private final MatrixMemory memory;
  private final Multiplication multiplication;
  private final TallQr qr;
  private final SingularValues singularValues;

  RangeFinder(
      MatrixMemory memory,
      Multiplication multiplication,
      TallQr qr,
      SingularValues singularValues) {
    this.memory = memory;
    this.multiplication = multiplication;
    this.qr = qr;
    this.singularValues = singularValues;
  }

  /** Vectors that are multiplied for so many wanted ones. */
  static int width(int rank) {
    return rank + Math.max(LEAST_MORE, rank / 2);
  }

  /** Whether all of them cost as much. */
  static boolean takesAll(long width, long most) {
    return 3 * width > most;
  }

  Svd largest(Matrix a, int rank, RandomStream draws) {
    int most = Math.min(a.rows(), a.columns());
    if (rank < 1 || rank > most) {
      throw new IllegalArgumentException("rank is %s, must be 1 to %s".formatted(rank, most));
    }
    int width = width(rank);
    if (takesAll(width, most)) {
      try (Svd all = singularValues.of(a)) {
        return first(all.left(), all.values(), all.right(), rank);
      }
    }
    Sums.requireFinite(a);
    double scale = Sums.scale(a);
    try (Matrix scaled = memory.copy(a)) {
      Sums.multiply(scaled, 1 / scale);
      return ofScaled(scaled, rank, width, draws).times(scale);
    }
  }

  private Svd ofScaled(Matrix a, int rank, int width, RandomStream draws) {
    try (Matrix columns = memory.matrix(a.rows(), width);
        Matrix rows = random(a.columns(), width, draws)) {
      double caught = 0;
      for (int round = 0; ; round++) {
        multiplication.set(1, a, rows, columns, Wanted.ALL);
        Matrix q = qr.factor(columns);
        multiplication.set(1, a.transposed(), q, rows, Wanted.ALL);
        // a is about q rowsᵀ, and rows = p r, so the values are those of r
        Matrix p = qr.factor(rows);
        try (Svd small = singularValues.of(rows.window(0, 0, width, width))) {
          double sum = squares(small.values(), rank);
          if (round == MOST_ROUNDS || sum - caught <= GAIN * sum) {
            try (q;
                p) {
              return joined(q, p, small, rank);
            }
          }
          caught = sum;
        }
        q.close();
        Sums.copy(p, rows);
        p.close();
      }
    }
  }

  /** {@code a = q rᵀ pᵀ}: left vectors are q times right ones of r, right vectors p times left. */
  private Svd joined(Matrix q, Matrix p, Svd small, int rank) {
    int width = q.columns();
    Matrix left = memory.matrix(rank, q.rows());
    Matrix right = memory.matrix(rank, p.rows());
    Matrix byQ = small.right().window(0, 0, rank, width);
    Matrix byP = small.left().window(0, 0, rank, width);
    multiplication.set(1, byQ, q.transposed(), left, Wanted.ALL);
    multiplication.set(1, byP, p.transposed(), right, Wanted.ALL);
    return new Svd(left, Arrays.copyOf(small.values(), rank), right);
  }

  private Svd first(Matrix left, double[] values, Matrix right, int rank) {
    return new Svd(
        memory.copy(left.window(0, 0, rank, left.columns())),
        Arrays.copyOf(values, rank),
        memory.copy(right.window(0, 0, rank, right.columns())));
  }

  private static double squares(double[] values, int count) {
    double sum = 0;
    for (int i = 0; i < count; i++) {
      sum = Math.fma(values[i], values[i], sum);
    }
    return sum;
  }

  /** Uniform numbers from -1 to below 1: exact, so the same everywhere. */
  private Matrix random(int rows, int columns, RandomStream draws) {
    Matrix random = memory.matrix(rows, columns);
    int[] drawn = new int[columns];
    double[] row = new double[columns];
    for (int i = 0; i < rows; i++) {
      draws.draw((long) i * columns, columns, drawn);
      for (int j = 0; j < columns; j++) {
        row[j] = drawn[j] * 0x1p-31;
      }
      random.write(i, 0, row, 0, columns);
    }
    return random;
  }
}
