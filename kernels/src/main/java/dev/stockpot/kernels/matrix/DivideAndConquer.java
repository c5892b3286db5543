package dev.stockpot.kernels.matrix;

import dev.stockpot.kernels.MatrixKernels;
import dev.stockpot.kernels.matrix.Arrow.Kind;
import dev.stockpot.kernels.matrix.Multiplication.Wanted;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Singular values and vectors of an upper bidiagonal matrix (Gu and Eisenstat, 1995): a row is
 * taken out, both halves are solved, and joined again by an {@link Arrow}. Halves have a column
 * more than rows where another follows, so a vector more on the right, for the value zero.
 *
 * <pre>
 * | B1       |  rows first … middle-1, columns first … middle
 * |    a b   |  row middle: a in column middle, b in column middle+1
 * |       B2 |  rows middle+1 …
 * </pre>
 *
 * Vectors are rows: vector i of a half lies in row i of {@code left} and of {@code right}.
 */
final class DivideAndConquer implements AutoCloseable {
  private final MatrixMemory memory;
  private final MatrixKernels kernels;
  private final Multiplication multiplication;
  private final double[] diagonal;
  private final double[] beside;
  private final double[] values;
  private final Matrix left;
  private final Matrix right;
  private final double[] first;
  private final double[] second;

  /** Of a matrix of order n, whose elements have magnitudes of about one, or less. */
  DivideAndConquer(
      MatrixMemory memory,
      MatrixKernels kernels,
      Multiplication multiplication,
      double[] diagonal,
      double[] beside) {
    this.memory = memory;
    this.kernels = kernels;
    this.multiplication = multiplication;
    this.diagonal = diagonal;
    this.beside = beside;
    int n = diagonal.length;
    values = new double[n];
    left = memory.zeros(n, n);
    right = memory.zeros(n, n);
    first = new double[n];
    second = new double[n];
  }

  void solve() {
    solve(0, diagonal.length, 0);
  }

  /** In no order. */
  double[] values() {
    return values;
  }

  Matrix left() {
    return left;
  }

  Matrix right() {
    return right;
  }

  private void solve(int begin, int rows, int more) {
    if (rows == 0) {
      if (more > 0) {
        right.set(begin, begin, 1);
      }
      return;
    }
    int before = (rows - 1) / 2;
    int after = rows - 1 - before;
    solve(begin, before, 1);
    solve(begin + before + 1, after, more);
    join(begin, before, after, more);
  }

  private void join(int begin, int before, int after, int more) {
    int middle = begin + before;
    int rows = before + 1 + after;
    int columns = rows + more;
    double a = diagonal[middle];
    double b = after + more > 0 ? beside[middle] : 0;
    left.set(middle, middle, 1);
    Arrow arrow = arrow(begin, before, after, more, a, b);
    arrow.deflate(
        Math.max(Math.abs(a), Math.abs(b)),
        (one, other, c, s) -> {
          rotate(left, one, other, begin, rows, c, s);
          rotate(right, one, other, begin, columns, c, s);
        });
    try (ArrowVectors vectors = new ArrowVectors(memory, kernels, arrow);
        Matrix made = memory.matrix(arrow.kept(), arrow.kept());
        Matrix old = memory.matrix(rows, columns)) {
      vectors.write(true, made);
      replace(left, arrow, made, old, begin, before + 1, after);
      vectors.write(false, made);
      replace(right, arrow, made, old, begin, before + 1, after + more);
      for (int i = 0; i < rows; i++) {
        values[begin + i] = i < arrow.kept() ? vectors.values()[i] : arrow.d[i];
      }
    }
  }

  private Arrow arrow(int begin, int before, int after, int more, double a, double b) {
    int middle = begin + before;
    int rows = before + 1 + after;
    double head = a * right.at(middle, middle);
    if (more > 0) {
      int spare = begin + rows;
      double tail = b * right.at(spare, middle + 1);
      double length = Math.sqrt(Math.fma(head, head, tail * tail));
      if (length > 0) {
        rotate(right, middle, spare, begin, rows + 1, head / length, tail / length);
      }
      head = length;
    }
    int[] sorted =
        IntStream.range(begin, begin + rows)
            .filter(row -> row != middle)
            .boxed()
            .sorted(Comparator.comparingDouble(row -> values[row]))
            .mapToInt(Integer::intValue)
            .toArray();
    int[] order = new int[rows];
    double[] d = new double[rows];
    double[] z = new double[rows];
    Kind[] kinds = new Kind[rows];
    order[0] = middle;
    z[0] = head;
    kinds[0] = Kind.BOTH;
    for (int i = 1; i < rows; i++) {
      int row = sorted[i - 1];
      boolean isBefore = row < middle;
      order[i] = row;
      d[i] = values[row];
      z[i] = isBefore ? a * right.at(row, middle) : b * right.at(row, middle + 1);
      kinds[i] = isBefore ? Kind.LEFT : Kind.RIGHT;
    }
    return new Arrow(order, d, z, kinds);
  }

  /** {@code x = c x + s y, y = c y - s x}, of two rows from a column on. */
  private void rotate(Matrix of, int x, int y, int column, int count, double c, double s) {
    of.read(x, column, first, 0, count);
    of.read(y, column, second, 0, count);
    for (int i = 0; i < count; i++) {
      double turned = Math.fma(c, first[i], s * second[i]);
      second[i] = Math.fma(c, second[i], -(s * first[i]));
      first[i] = turned;
    }
    of.write(x, column, first, 0, count);
    of.write(y, column, second, 0, count);
  }

  /**
   * Replaces vectors by sums of what they were. Those of the left half are zero in the columns of
   * the right one and the other way round, so these are left out.
   */
  private void replace(
      Matrix of,
      Arrow arrow,
      Matrix made,
      Matrix old,
      int begin,
      int leftColumns,
      int rightColumns) {
    int kept = arrow.kept();
    int columns = leftColumns + rightColumns;
    int[] places = arrow.placesByKind();
    for (int i = 0; i < arrow.rows.length; i++) {
      of.read(arrow.rows[i], begin, first, 0, columns);
      old.write(i < kept ? places[i] : i, 0, first, 0, columns);
    }
    int onlyLeft = arrow.count(Kind.LEFT);
    int inLeft = onlyLeft + arrow.count(Kind.BOTH);
    multiplication.set(
        1,
        made.window(0, 0, kept, inLeft),
        old.window(0, 0, inLeft, leftColumns),
        of.window(begin, begin, kept, leftColumns),
        Wanted.ALL);
    if (rightColumns > 0) {
      multiplication.set(
          1,
          made.window(0, onlyLeft, kept, kept - onlyLeft),
          old.window(onlyLeft, leftColumns, kept - onlyLeft, rightColumns),
          of.window(begin, begin + leftColumns, kept, rightColumns),
          Wanted.ALL);
    }
    for (int i = kept; i < arrow.rows.length; i++) {
      old.read(i, 0, first, 0, columns);
      of.write(begin + i, begin, first, 0, columns);
    }
  }

  @Override
  public void close() {
    left.close();
    right.close();
  }
}
