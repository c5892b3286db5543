package dev.stockpot.kernels.matrix;

import dev.stockpot.kernels.MatrixKernels;
import dev.stockpot.kernels.matrix.Multiplication.Wanted;
import dev.stockpot.kernels.random.RandomStream;
import java.util.Arrays;

/**
 * The largest singular values and their vectors. The right ones are found as those of {@code AᵀA},
 * which is exact but for what rounding makes of small values beside large ones; so they are only
 * what the matrix itself is multiplied by, and what that gives is taken apart.
 */
final class RangeFinder {
  private static final int LEAST_MORE = 16;

  /** Up to this order AᵀA costs no more than the products that it saves. */
  private static final int MOST_SQUARE = 2_048;

  /**
   * Elements up to two to this have squares of squares that are numbers, and down to its inverse.
   */
  private static final int MOST_EXPONENT = 200;

  private final MatrixMemory memory;
  private final MatrixKernels kernels;
  private final Workers workers;
  private final Multiplication multiplication;
  private final TallQr qr;
  private final SingularValues singularValues;
  private final BlockLanczos lanczos;

  RangeFinder(
      MatrixMemory memory,
      MatrixKernels kernels,
      Workers workers,
      Multiplication multiplication,
      TallQr qr,
      SingularValues singularValues) {
    this.memory = memory;
    this.kernels = kernels;
    this.workers = workers;
    this.multiplication = multiplication;
    this.qr = qr;
    this.singularValues = singularValues;
    lanczos = new BlockLanczos(memory, multiplication, qr, singularValues);
  }

  /** Vectors that are looked for with so many wanted ones. */
  static int width(int rank) {
    return rank + Math.max(LEAST_MORE, rank / 2);
  }

  /** Whether all of them cost as much, or there are too few. */
  static boolean takesAll(int rank, long most) {
    return 3L * width(rank) > most || BlockLanczos.leastOrder(width(rank)) > most;
  }

  /** Whether {@code AᵀA} is made of a matrix whose smaller side is so long. */
  static boolean makesSquare(long most) {
    return most <= MOST_SQUARE;
  }

  Svd largest(Matrix a, int rank, RandomStream draws) {
    int most = Math.min(a.rows(), a.columns());
    if (rank < 1 || rank > most) {
      throw new IllegalArgumentException("rank is %s, must be 1 to %s".formatted(rank, most));
    }
    if (takesAll(rank, most)) {
      try (Svd all = singularValues.of(a)) {
        return first(all, rank);
      }
    }
    double scale = Sums.scale(Sums.largestFinite(a));
    if (Math.abs(Math.getExponent(scale)) <= MOST_EXPONENT) {
      return ofAny(a, rank, draws);
    }
    try (Matrix scaled = memory.copy(a)) {
      Sums.multiply(scaled, 1 / scale);
      return ofAny(scaled, rank, draws).times(scale);
    }
  }

  private Svd ofAny(Matrix a, int rank, RandomStream draws) {
    return a.rows() < a.columns()
        ? ofTall(a.transposed(), rank, draws).turned()
        : ofTall(a, rank, draws);
  }

  private Svd ofTall(Matrix a, int rank, RandomStream draws) {
    try (Matrix vectors = leading(a, rank, draws);
        Matrix products = memory.matrix(a.rows(), vectors.columns())) {
      multiplication.set(1, a, vectors, products, Wanted.ALL);
      try (Matrix left = qr.factor(products)) {
        // a is about left rightᵀ
        multiplication.set(1, a.transposed(), left, vectors, Wanted.ALL);
        return joined(left, vectors, rank);
      }
    }
  }

  private Matrix leading(Matrix a, int rank, RandomStream draws) {
    try (Squares squares = squares(a)) {
      return lanczos.leading(squares, a.columns(), rank, width(rank), draws);
    }
  }

  private Squares squares(Matrix a) {
    if (!makesSquare(a.columns())) {
      return new Squares.InTurns(memory, kernels, workers, a, BlockLanczos.BLOCK);
    }
    Matrix gram = memory.matrix(a.columns(), a.columns());
    multiplication.set(1, a.transposed(), a, gram, Wanted.LOWER);
    Transposition.mirror(gram);
    return new Squares.Gram(kernels, workers, gram, BlockLanczos.BLOCK);
  }

  /** {@code a = left rightᵀ}, and rightᵀ, whose place is taken, is taken apart by its triangle. */
  private Svd joined(Matrix left, Matrix right, int rank) {
    int width = left.columns();
    try (Matrix p = qr.factor(right);
        Svd small = singularValues.of(right.window(0, 0, width, width))) {
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

  private Svd first(Svd all, int rank) {
    Matrix left = all.left();
    Matrix right = all.right();
    return new Svd(
        memory.copy(left.window(0, 0, rank, left.columns())),
        Arrays.copyOf(all.values(), rank),
        memory.copy(right.window(0, 0, rank, right.columns())));
  }
}
