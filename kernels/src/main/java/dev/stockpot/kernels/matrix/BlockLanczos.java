package dev.stockpot.kernels.matrix;

import dev.stockpot.kernels.matrix.Multiplication.Wanted;
import dev.stockpot.kernels.random.RandomStream;

/**
 * The leading eigenvectors of {@code AᵀA} by a block Lanczos method that starts again from the best
 * it has found whenever it holds as many vectors as it may (Golub and Underwood, 1977; Wu and
 * Simon, 2000). All vectors are orthogonal to each other, and what the matrix is among them is
 * kept.
 */
final class BlockLanczos {
  /** Columns that are multiplied at once: few catch more of the matrix for each of them. */
  static final int BLOCK = 16;

  /** Vectors beside those that are kept. */
  private static final int GROWTH = 8 * BLOCK;

  /** Of the sum of the wanted squares, what another block may still have to gain. */
  private static final double GAIN = 1e-9;

  /** What is left of a vector is cleaned where it is no more than this of what it was. */
  private static final double CANCELLED = 1e-4;

  /** What is left of a vector of a matrix of low rank, relative to what it was. */
  private static final double NEARLY_NOTHING = 1e-8;

  /** The largest inner product of vectors that count as orthogonal. */
  private static final double ORTHOGONAL = 1e-10;

  private static final double NOTHING = 1e-14;
  private static final int MOST_STARTS = 24;
  private static final int MOST_PASSES = 6;

  private final MatrixMemory memory;
  private final Multiplication multiplication;
  private final TallQr qr;
  private final SingularValues singularValues;

  BlockLanczos(
      MatrixMemory memory,
      Multiplication multiplication,
      TallQr qr,
      SingularValues singularValues) {
    this.memory = memory;
    this.multiplication = multiplication;
    this.qr = qr;
    this.singularValues = singularValues;
  }

  /** Vectors that are held at most to find so many of a matrix of that order. */
  static int most(int width, long order) {
    return (int) Math.min(width + GROWTH, order / BLOCK * BLOCK);
  }

  /** The least order of which so many can be found. */
  static int leastOrder(int width) {
    return width + 3 * BLOCK;
  }

  /**
   * Finds as many vectors as can hold the wanted ones, the leading first.
   *
   * @param order of {@code AᵀA}
   * @param rank vectors that are wanted
   * @param width vectors that are told: more than wanted, but for matrices of low rank
   */
  Matrix leading(Squares squares, int order, int rank, int width, RandomStream draws) {
    try (Search search = new Search(squares, order, rank, width, draws)) {
      return search.run();
    }
  }

  private final class Search implements AutoCloseable {
    private final Squares squares;
    private final int order;
    private final int rank;
    private final int width;
    private final RandomStream draws;
    private final Matrix basis;
    private final Matrix projected;
    private final Matrix next;
    private final Matrix rest;
    private int count;
    private int drawn;

    Search(Squares squares, int order, int rank, int width, RandomStream draws) {
      this.squares = squares;
      this.order = order;
      this.rank = rank;
      this.width = width;
      this.draws = draws;
      int most = most(width, order);
      basis = memory.matrix(order, most);
      projected = memory.zeros(most, most);
      next = memory.matrix(order, BLOCK);
      rest = memory.matrix(BLOCK, BLOCK);
    }

    Matrix run() {
      draw();
      makeOrthonormal();
      int check = 2 * width;
      for (int starts = 1; ; ) {
        append();
        double cancelled = multiply();
        boolean isFull = count + BLOCK > basis.columns();
        boolean mayEnd = count >= rank;
        if (isFull || (mayEnd && (count >= check || cancelled <= NEARLY_NOTHING))) {
          try (Svd found = singularValues.of(projected.window(0, 0, count, count))) {
            if (mayEnd && (loss(found) <= GAIN || starts > MOST_STARTS)) {
              return vectors(found);
            }
            check = basis.columns();
            if (isFull) {
              startAgain(found);
              starts++;
            }
          }
        }
        if (cancelled <= CANCELLED) {
          clean();
        }
      }
    }

    /** Takes the block into the basis. */
    private void append() {
      Sums.copy(next, basis.window(0, count, order, BLOCK));
      count += BLOCK;
    }

    /**
     * Multiplies the last block, and takes away what of that lies in the basis.
     *
     * @return how much is left of the column of which least is, relative to its length
     */
    private double multiply() {
      Matrix all = basis.window(0, 0, order, count);
      squares.multiply(basis.window(0, count - BLOCK, order, BLOCK), next);
      try (Matrix shares = memory.matrix(count, BLOCK)) {
        multiplication.set(1, all.transposed(), next, shares, Wanted.ALL);
        multiplication.add(-1, all, shares, next, Wanted.ALL);
        makeOrthonormal();
        int from = count - BLOCK;
        Sums.copy(shares, projected.window(0, from, count, BLOCK));
        Sums.copy(shares.transposed(), projected.window(from, 0, BLOCK, count));
        return cancelled(shares);
      }
    }

    private double cancelled(Matrix shares) {
      double least = 1;
      for (int j = 0; j < BLOCK; j++) {
        double squares = 0;
        for (int i = 0; i < count; i++) {
          squares += shares.at(i, j) * shares.at(i, j);
        }
        for (int i = 0; i <= j; i++) {
          squares += rest.at(i, j) * rest.at(i, j);
        }
        least = Math.min(least, squares == 0 ? 0 : Math.abs(rest.at(j, j)) / Math.sqrt(squares));
      }
      return least;
    }

    /** Orthonormal columns in the place of the block, whose triangle is what was left of it. */
    private void makeOrthonormal() {
      try (Matrix q = qr.factor(next)) {
        Sums.copy(next.window(0, 0, BLOCK, BLOCK), rest);
        Sums.copy(q, next);
      }
    }

    /** What is left by rounding is no longer orthogonal to the basis, or lies in it. */
    private void clean() {
      Matrix all = basis.window(0, 0, order, count);
      try (Matrix shares = memory.matrix(count, BLOCK)) {
        for (int pass = 0; pass < MOST_PASSES; pass++) {
          multiplication.set(1, all.transposed(), next, shares, Wanted.ALL);
          if (Sums.largest(shares) <= ORTHOGONAL) {
            return;
          }
          multiplication.add(-1, all, shares, next, Wanted.ALL);
          makeOrthonormal();
          if (pass == MOST_PASSES / 2) {
            draw();
          }
        }
      }
    }

    /** About what another block would add to the wanted values, relative to their sum. */
    private double loss(Svd found) {
      double[] values = found.values();
      double sum = 0;
      double gain = 0;
      double least = values[0] * NOTHING;
      double[] vector = new double[count];
      for (int i = 0; i < rank; i++) {
        found.right().read(i, 0, vector, 0, count);
        double squares = 0;
        for (int r = 0; r < BLOCK; r++) {
          double element = 0;
          for (int c = r; c < BLOCK; c++) {
            element = Math.fma(rest.at(r, c), vector[count - BLOCK + c], element);
          }
          squares += element * element;
        }
        sum += values[i];
        gain += squares == 0 ? 0 : squares / Math.max(values[i], least);
      }
      return sum == 0 ? 0 : gain / sum;
    }

    /** The leading vectors as columns. */
    private Matrix vectors(Svd found) {
      int kept = Math.min(width, count);
      Matrix vectors = memory.matrix(order, kept);
      Matrix byBasis = found.right().window(0, 0, kept, count).transposed();
      multiplication.set(1, basis.window(0, 0, order, count), byBasis, vectors, Wanted.ALL);
      return vectors;
    }

    private void startAgain(Svd found) {
      try (Matrix kept = vectors(found)) {
        count = kept.columns();
        Sums.copy(kept, basis.window(0, 0, order, count));
      }
      projected.zero();
      for (int i = 0; i < count; i++) {
        projected.set(i, i, found.values()[i]);
      }
    }

    /** Uniform numbers from -1 to below 1: exact, so the same everywhere. */
    private void draw() {
      int[] numbers = new int[BLOCK];
      double[] row = new double[BLOCK];
      for (int i = 0; i < order; i++) {
        draws.draw(((long) drawn * order + i) * BLOCK, BLOCK, numbers);
        for (int j = 0; j < BLOCK; j++) {
          row[j] = numbers[j] * 0x1p-31;
        }
        next.write(i, 0, row, 0, BLOCK);
      }
      drawn++;
    }

    @Override
    public void close() {
      basis.close();
      projected.close();
      next.close();
      rest.close();
    }
  }
}
