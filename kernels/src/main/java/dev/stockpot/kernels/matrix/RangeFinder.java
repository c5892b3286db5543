package dev.stockpot.kernels.matrix;

import dev.stockpot.kernels.matrix.Multiplication.Wanted;
import dev.stockpot.kernels.random.RandomStream;
import java.util.Arrays;

/**
 * The largest singular values and their vectors by a block Krylov method from random vectors (Musco
 * and Musco, 2015): a few vectors more than are wanted, multiplied by the matrix and its transpose
 * in turns. All of the products are kept, each orthogonal to those before, until what they catch of
 * the matrix no longer grows. Where values hardly fall off, six of them catch as much as a subspace
 * iteration of more than twice as many products.
 */
final class RangeFinder {
  private static final int LEAST_MORE = 16;

  /** Most products that are kept. */
  static final int MOST_BLOCKS = 6;

  /** Of the sum of the wanted squares, what a block has to gain to be followed by another. */
  private static final double GAIN = 1e-9;

  /** The largest inner product of columns that count as orthogonal. */
  private static final double ORTHOGONAL = 1e-14;

  private static final int MOST_PASSES = 2;

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
    int blocks = blocks(width, Math.min(a.rows(), a.columns()));
    try (Matrix left = memory.matrix(a.rows(), blocks * width);
        Matrix right = memory.matrix(a.columns(), blocks * width);
        Matrix grams = memory.zeros(blocks * width, blocks * width);
        Matrix rows = random(a.columns(), width, draws)) {
      double caught = 0;
      for (int block = 0; ; block++) {
        int before = block * width;
        int after = before + width;
        Matrix columns = left.window(0, before, a.rows(), width);
        multiplication.set(1, a, rows, columns, Wanted.ALL);
        int from = makeOrthogonal(left, before, width);
        // a is about left rightᵀ
        Matrix products = right.window(0, from, a.columns(), after - from);
        Matrix changed = left.window(0, from, a.rows(), after - from);
        multiplication.set(1, a.transposed(), changed, products, Wanted.ALL);
        Matrix all = right.window(0, 0, a.columns(), after);
        Matrix found = left.window(0, 0, a.rows(), after);
        double sum = block + 1 == blocks ? caught : caught(products, all, grams, rank);
        if (sum - caught <= GAIN * sum) {
          return joined(found, all, rank);
        }
        caught = sum;
        Sums.copy(right.window(0, before, a.columns(), width), rows);
        makeOrthonormal(rows);
      }
    }
  }

  /** Blocks that are kept at most of a matrix whose smaller side is so long. */
  static int blocks(long width, long most) {
    return (int) Math.max(1, Math.min(MOST_BLOCKS, most / width));
  }

  /**
   * Orthonormal columns in the place of a block, orthogonal to those before.
   *
   * @return the first column that changed
   */
  private int makeOrthogonal(Matrix all, int before, int width) {
    Matrix columns = all.window(0, before, all.rows(), width);
    makeOrthonormal(columns);
    if (before == 0) {
      return 0;
    }
    Matrix others = all.window(0, 0, all.rows(), before);
    try (Matrix shares = memory.matrix(before, width)) {
      for (int pass = 0; pass <= MOST_PASSES; pass++) {
        multiplication.set(1, others.transposed(), columns, shares, Wanted.ALL);
        if (pass > 0 && Sums.largest(shares) <= ORTHOGONAL) {
          return before;
        }
        multiplication.add(-1, others, shares, columns, Wanted.ALL);
        makeOrthonormal(columns);
      }
    }
    // what is left of some is rounding, which lies among the others: any will do in their place
    makeOrthonormal(all.window(0, 0, all.rows(), before + width));
    return 0;
  }

  private void makeOrthonormal(Matrix columns) {
    try (Matrix work = memory.copy(columns);
        Matrix q = qr.factor(work)) {
      Sums.copy(q, columns);
    }
  }

  /** The sum of the largest squares, of the Gram matrix of all products. */
  private double caught(Matrix products, Matrix all, Matrix grams, int rank) {
    int after = all.columns();
    int before = after - products.columns();
    Matrix beside = grams.window(before, 0, products.columns(), after);
    multiplication.set(1, products.transposed(), all, beside, Wanted.ALL);
    if (before > 0) {
      Matrix above = grams.window(0, before, before, products.columns());
      Sums.copy(beside.window(0, 0, products.columns(), before).transposed(), above);
    }
    try (Svd squares = singularValues.of(grams.window(0, 0, after, after))) {
      double sum = 0;
      for (int i = 0; i < rank; i++) {
        sum += squares.values()[i];
      }
      return sum;
    }
  }

  /** {@code a = left rightᵀ}, and rightᵀ is taken apart by its triangle. */
  private Svd joined(Matrix left, Matrix right, int rank) {
    int width = left.columns();
    try (Matrix work = memory.copy(right);
        Matrix p = qr.factor(work);
        Svd small = singularValues.of(work.window(0, 0, width, width))) {
      // a = left rᵀ pᵀ: left vectors are left times right ones of r, right vectors p times left
      Matrix lefts = memory.matrix(rank, left.rows());
      Matrix rights = memory.matrix(rank, p.rows());
      Matrix byLeft = small.right().window(0, 0, rank, width);
      Matrix byP = small.left().window(0, 0, rank, width);
      multiplication.set(1, byLeft, left.transposed(), lefts, Wanted.ALL);
      multiplication.set(1, byP, p.transposed(), rights, Wanted.ALL);
      return new Svd(lefts, Arrays.copyOf(small.values(), rank), rights);
    }
  }

  private Svd first(Matrix left, double[] values, Matrix right, int rank) {
    return new Svd(
        memory.copy(left.window(0, 0, rank, left.columns())),
        Arrays.copyOf(values, rank),
        memory.copy(right.window(0, 0, rank, right.columns())));
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
