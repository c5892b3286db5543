package dev.stockpot.kernels.matrix;

import java.io.Serializable;

/**
 * What algebra on matrices takes. That of one operation counts its result and what it works with,
 * and not its operands.
 *
 * @param bytes most that matrices have at once
 * @param operations of floating point, about: for estimates of time
 */
public record Demand(long bytes, double operations) implements Serializable {
  public static final Demand NONE = new Demand(0, 0);

  /** Buffers are rounded up to whole pages of memory. */
  private static final long PAGE_BYTES = 4096;

  /** Columns that are multiplied until nothing more is found, as a rule. */
  private static final int COLUMNS = 400;

  /** Blocks of reflections and the like, of which there are as many in small matrices. */
  private static final Demand SLACK = new Demand(1 << 20, 0);

  public Demand {
    if (bytes < 0 || !(operations >= 0)) {
      throw new IllegalArgumentException(
          "a demand of %s bytes and %s operations".formatted(bytes, operations));
    }
  }

  /** A matrix that is there, or is read. */
  public static Demand matrix(long rows, long columns) {
    return new Demand(
        (Matrix.bytes(rows, columns) + PAGE_BYTES - 1) / PAGE_BYTES * PAGE_BYTES,
        (double) rows * columns);
  }

  /** {@link Matrices#multiply}: so many rows and columns, and terms of each sum. */
  public static Demand product(long rows, long columns, long terms) {
    return matrix(rows, columns).with(2.0 * rows * columns * terms);
  }

  /** {@link Matrices#gram} of a matrix. */
  public static Demand gram(long rows, long columns) {
    return matrix(columns, columns).with((double) rows * columns * columns);
  }

  /** {@link Matrices#cholesky}. */
  public static Demand cholesky(long order) {
    return matrix(order, order).with((double) order * order * order / 3);
  }

  /** {@link Matrices#solve} for so many columns. */
  public static Demand solve(long order, long columns) {
    return matrix(order, columns).with(2.0 * order * order * columns);
  }

  /** {@link Matrices#qr}, of which Q stays. */
  public static Demand qr(long rows, long columns) {
    long least = Math.min(rows, columns);
    return working(3, rows, columns, 2, least).with(4.0 * rows * columns * least);
  }

  /** {@link Matrices#svd}, of which both sets of vectors stay. */
  public static Demand svd(long rows, long columns) {
    long least = Math.min(rows, columns);
    double cube = (double) least * least * least;
    return working(3, rows, columns, 5, least).with(8.0 * rows * columns * least + 12 * cube);
  }

  /** {@link Matrices#largest}. */
  public static Demand largest(long rows, long columns, int rank) {
    long m = Math.max(rows, columns);
    long n = Math.min(rows, columns);
    if (RangeFinder.takesAll(rank, n)) {
      return svd(rows, columns);
    }
    int width = RangeFinder.width(rank);
    int block = BlockLanczos.BLOCK;
    int most = BlockLanczos.most(width, n);
    boolean isSquare = RangeFinder.makesSquare(n);
    Demand squares = isSquare ? matrix(n, n) : matrix(m, block);
    Demand small = matrix(most, most);
    Demand growing = matrix(n, block).each(6).and(matrix(most, block));
    Demand taken = small.each(8).and(matrix(n, width));
    Demand search = matrix(n, most).and(small).and(growing.then(taken));
    Demand vectors = matrix(m, width).each(3).and(matrix(n, width).each(2));
    Demand joining = vectors.and(matrix(m + n, rank)).and(matrix(width, width).each(8));
    double products = isSquare ? m * n + 2.0 * n * COLUMNS : 4.0 * m * COLUMNS;
    return squares.and(search).then(joining).and(SLACK).with(n * products);
  }

  /** {@link Matrices#eigen}, of which the vectors stay. */
  public static Demand eigen(long order) {
    return matrix(order, order).and(svd(order, order));
  }

  /** {@link Matrices#polar}. */
  public static Demand polar(long rows, long columns) {
    long least = Math.min(rows, columns);
    return working(2, rows, columns, 3, least).with(60.0 * rows * columns * least);
  }

  /** So many matrices of its size, and so many of its smaller dimension. */
  private static Demand working(int whole, long rows, long columns, int squares, long least) {
    return matrix(rows, columns).each(whole).and(matrix(least, least).each(squares)).and(SLACK);
  }

  private Demand with(double others) {
    return new Demand(bytes, operations + others);
  }

  /** Both are there at once. */
  public Demand and(Demand other) {
    return new Demand(Math.addExact(bytes, other.bytes), operations + other.operations);
  }

  /** One after the other, in the same memory. */
  public Demand then(Demand other) {
    return new Demand(Math.max(bytes, other.bytes), operations + other.operations);
  }

  /** So often, each by itself in the same memory. */
  public Demand times(int count) {
    return new Demand(bytes, operations * count);
  }

  /** As many side by side. */
  public Demand each(int count) {
    return new Demand(Math.multiplyExact(bytes, (long) count), operations * count);
  }
}
