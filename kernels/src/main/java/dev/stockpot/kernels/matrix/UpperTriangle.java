package dev.stockpot.kernels.matrix;

/**
 * How the upper triangle of a symmetric matrix is stored: its rows one after the other, each from
 * the diagonal on.
 */
public final class UpperTriangle {
  private UpperTriangle() {}

  /** Elements of that of {@code order} rows and columns. */
  public static long elements(long order) {
    return order * (order + 1) / 2;
  }

  /** Where the element of a row and a column lies, in whichever order they are told. */
  public static long place(long order, long one, long other) {
    long row = Math.min(one, other);
    return row * order - row * (row - 1) / 2 + Math.abs(one - other);
  }
}
