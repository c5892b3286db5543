package dev.stockpot.kernels.matrix;

import java.util.Optional;

/**
 * A matrix of float64, row by row in memory that counts against an allocator's limit, or a view of
 * one: a window of it, or its transpose. Who made it closes it, or the {@link Matrices} that it
 * came from; closing a view does nothing, and a view is gone when its matrix is.
 */
public final class Matrix implements AutoCloseable {
  private final Cells cells;
  private final Optional<Cells> owned;
  private final int firstRow;
  private final int firstColumn;
  private final int storedRows;
  private final int storedColumns;
  private final boolean transposed;

  Matrix(Cells cells, int rows, int columns) {
    this.cells = cells;
    owned = Optional.of(cells);
    firstRow = 0;
    firstColumn = 0;
    storedRows = rows;
    storedColumns = columns;
    transposed = false;
  }

  private Matrix(Matrix of, int row, int column, int rows, int columns, boolean transposed) {
    this.cells = of.cells;
    this.owned = Optional.empty();
    this.firstRow = row;
    this.firstColumn = column;
    this.storedRows = rows;
    this.storedColumns = columns;
    this.transposed = transposed;
  }

  /** Bytes that such a matrix takes. */
  public static long bytes(long rows, long columns) {
    return Math.multiplyExact(Math.multiplyExact(rows, columns), (long) Double.BYTES);
  }

  public int rows() {
    return transposed ? storedColumns : storedRows;
  }

  public int columns() {
    return transposed ? storedRows : storedColumns;
  }

  /** The same elements, rows being columns. */
  public Matrix transposed() {
    return new Matrix(this, firstRow, firstColumn, storedRows, storedColumns, !transposed);
  }

  /**
   * A part of it: rows from {@code row}, columns from {@code column}.
   *
   * @throws IllegalArgumentException if it does not lie in this one
   */
  public Matrix window(int row, int column, int rows, int columns) {
    if (row < 0 || column < 0 || rows < 1 || columns < 1) {
      throw new IllegalArgumentException(
          "no window of %s x %s begins at %s, %s".formatted(rows, columns, row, column));
    }
    if (row > rows() - rows || column > columns() - columns) {
      throw new IllegalArgumentException(
          "window of %s x %s at %s, %s does not fit %s x %s"
              .formatted(rows, columns, row, column, rows(), columns()));
    }
    return transposed
        ? new Matrix(this, firstRow + column, firstColumn + row, columns, rows, true)
        : new Matrix(this, firstRow + row, firstColumn + column, rows, columns, false);
  }

  public double at(int row, int column) {
    int r = firstRow + (transposed ? column : row);
    int c = firstColumn + (transposed ? row : column);
    return cells.view(r).get(cells.place(r, c));
  }

  public void set(int row, int column, double value) {
    int r = firstRow + (transposed ? column : row);
    int c = firstColumn + (transposed ? row : column);
    cells.view(r).put(cells.place(r, c), value);
  }

  /** Copies a part of a row into an array; slow for a transpose. */
  public void read(int row, int column, double[] into, int at, int count) {
    if (transposed) {
      for (int j = 0; j < count; j++) {
        into[at + j] = at(row, column + j);
      }
      return;
    }
    int r = firstRow + row;
    cells.view(r).get(cells.place(r, firstColumn + column), into, at, count);
  }

  /** Copies a part of an array into a row; slow for a transpose. */
  public void write(int row, int column, double[] from, int at, int count) {
    if (transposed) {
      for (int j = 0; j < count; j++) {
        set(row, column + j, from[at + j]);
      }
      return;
    }
    int r = firstRow + row;
    cells.view(r).put(cells.place(r, firstColumn + column), from, at, count);
  }

  boolean isTransposed() {
    return transposed;
  }

  void zero() {
    cells.zero();
  }

  @Override
  public void close() {
    owned.ifPresent(Cells::close);
  }

  @Override
  public String toString() {
    return "Matrix[%s x %s]".formatted(rows(), columns());
  }
}
