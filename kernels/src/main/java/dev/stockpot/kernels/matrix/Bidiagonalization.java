package dev.stockpot.kernels.matrix;

import dev.stockpot.kernels.MatrixKernels;
import dev.stockpot.kernels.matrix.Multiplication.Wanted;
import java.util.Arrays;

/**
 * Reduces a matrix to bidiagonal form by reflections from both sides (Dongarra, Hammarling and
 * Sorensen, 1989). What a panel's reflections do to the rest of the matrix is put off until its
 * end, when it is one product. Half of the work are two products with a vector for each column, one
 * by rows and one by columns, and memory is what they wait for: the one of a row's reflection and
 * that of the next column's take one pass, row by row, the latter with the column as it is before
 * its reflection is known (as Howell et al., 2008, do the other way round).
 */
final class Bidiagonalization {
  private static final int PANEL = 32;

  /** Rows that are brought into the cache at once. */
  private static final int ROWS = 4;

  private final MatrixMemory memory;
  private final MatrixKernels kernels;
  private final Multiplication multiplication;

  Bidiagonalization(MatrixMemory memory, MatrixKernels kernels, Multiplication multiplication) {
    this.memory = memory;
    this.kernels = kernels;
    this.multiplication = multiplication;
  }

  /** Takes the matrix, whose place the reflections take. */
  Bidiagonal reduce(Matrix a) {
    int n = a.columns();
    Bidiagonal made = new Bidiagonal(a);
    for (int first = 0; first < n; first += PANEL) {
      new Panel(made, first).reduce();
    }
    return made;
  }

  /**
   * Some columns and rows of what is left of the matrix. The rest is {@code A - V Yᵀ - X Wᵀ}, V and
   * W being the vectors of reflections from the left and the right; of each, columns lie one after
   * the other: those of V and X in {@code tall}, those of Y and W in {@code wide}.
   */
  private final class Panel {
    private final Bidiagonal made;
    private final Matrix a;
    private final int first;
    private final int m;
    private final int n;
    private final int width;
    private final double[] tall;
    private final double[] wide;
    private final double[] column;
    private final double[] row;
    private final double[] rows;
    private final double[] factors = new double[2 * PANEL];

    Panel(Bidiagonal made, int first) {
      this.made = made;
      this.first = first;
      m = made.packed.rows() - first;
      n = made.packed.columns() - first;
      a = made.packed.window(first, first, m, n);
      width = Math.min(PANEL, n);
      tall = new double[2 * width * m];
      wide = new double[2 * width * n];
      column = new double[m];
      row = new double[n];
      rows = new double[ROWS * n];
    }

    void reduce() {
      a.window(0, 0, m, 1).transposed().read(0, 0, column, 0, m);
      pass(0, 0, false, true);
      reduceColumn(0);
      for (int i = 0; i < width; i++) {
        if (i + 1 < n) {
          reduceRow(i);
          boolean more = i + 1 < width;
          prepare(i, more);
          pass(i + 1, i, true, more);
          if (more) {
            reduceColumn(i + 1);
          }
        }
      }
      int rest = n - width;
      if (rest > 0) {
        try (Matrix first = matrix(tall, m);
            Matrix second = matrix(wide, n)) {
          Matrix left = first.window(0, width, 2 * width, m - width).transposed();
          Matrix right = second.window(0, width, 2 * width, rest);
          multiplication.add(-1, left, right, a.window(width, width, m - width, rest), Wanted.ALL);
        }
      }
    }

    /**
     * One pass over the rows from {@code from} on, and over the columns from there. If {@code
     * byRow}, x of row {@code i} is completed: by its product with the row's vector, which changes
     * the column at {@code from}, too. If {@code byColumn}, that column times the rows is added up
     * in the place of its y.
     */
    private void pass(int from, int i, boolean byRow, boolean byColumn) {
      int count = n - from;
      int x = (width + i) * m;
      int y = from * n + from + 1;
      if (byColumn) {
        Arrays.fill(wide, y, y + count - 1, 0);
      }
      for (int first = from; first < m; first += ROWS) {
        int some = Math.min(ROWS, m - first);
        for (int k = 0; k < some; k++) {
          int r = first + k;
          a.read(r, from, rows, k * n, count);
          if (byRow) {
            double product = kernels.dot(rows, k * n, row, from, count);
            tall[x + r] = (tall[x + r] + product) * made.right[this.first + i];
            column[r] += rows[k * n] - tall[x + r];
          }
        }
        if (byColumn) {
          kernels.addRows(some, rows, 1, n, column, first, wide, y, count - 1);
        }
      }
    }

    /** What earlier reflections add to x of row i, and to the next column but for that x. */
    private void prepare(int i, boolean more) {
      int from = i + 1;
      int x = (width + i) * m + from;
      products(wide, n, i + 1, i, row, from, n - from);
      addColumns(tall, m, i + 1, i, tall, x, m - from);
      Arrays.fill(column, from, m, 0);
      if (more) {
        gatherFactors(wide, n, from, i + 1, i);
        addColumns(tall, m, i + 1, i, column, from, m - from);
      }
    }

    /** The panel's columns as rows. */
    private Matrix matrix(double[] columns, int length) {
      Matrix matrix = memory.matrix(2 * width, length);
      for (int c = 0; c < 2 * width; c++) {
        matrix.write(c, 0, columns, c * length, length);
      }
      return matrix;
    }

    /** Reflects a column that is complete, as is its product with the rows, in the place of y. */
    private void reduceColumn(int i) {
      double head = column[i];
      Reflection reflection = Reflection.of(kernels, column, i, m - i);
      for (int r = i + 1; r < m; r++) {
        a.set(r, i, column[r]);
      }
      made.diagonal[first + i] = reflection.made();
      made.left[first + i] = reflection.scale();
      column[i] = 1;
      System.arraycopy(column, i, tall, i * m + i, m - i);
      int rest = n - i - 1;
      if (rest > 0) {
        int y = i * n + i + 1;
        completeProduct(i, y, head, reflection);
        products(tall, m, i, i, column, i, m - i);
        addColumns(wide, n, i, i, wide, y, rest);
        scale(wide, y, rest, reflection.scale());
      }
    }

    /** From the product with the column to that with the reflection's vector. */
    private void completeProduct(int i, int y, double head, Reflection reflection) {
      int rest = n - i - 1;
      double divisor = head - reflection.made();
      a.read(i, i + 1, rows, 0, rest);
      for (int j = 0; j < rest; j++) {
        double product = Math.fma(-reflection.made(), rows[j], wide[y + j]);
        // without a tail there is no reflection, and nothing to divide by
        wide[y + j] = reflection.scale() == 0 ? 0 : product / divisor;
      }
    }

    private void reduceRow(int i) {
      int from = i + 1;
      int rest = n - from;
      a.read(i, from, row, from, rest);
      gatherFactors(tall, m, i, i + 1, i);
      addColumns(wide, n, i + 1, i, row, from, rest);
      Reflection reflection = Reflection.of(kernels, row, from, rest);
      a.write(i, from, row, from, rest);
      made.beside[first + i] = reflection.made();
      made.right[first + i] = reflection.scale();
      row[from] = 1;
      System.arraycopy(row, from, wide, (width + i) * n + from, rest);
    }

    /** Minus what a row of the first so many columns, and of so many of the second half, holds. */
    private void gatherFactors(double[] columns, int length, int at, int ones, int others) {
      for (int c = 0; c < ones; c++) {
        factors[c] = -columns[c * length + at];
      }
      for (int c = 0; c < others; c++) {
        factors[ones + c] = -columns[(width + c) * length + at];
      }
    }

    /** Minus the products of those columns with a vector. */
    private void products(
        double[] columns, int length, int ones, int others, double[] x, int from, int count) {
      for (int c = 0; c < ones; c++) {
        factors[c] = -kernels.dot(columns, c * length + from, x, from, count);
      }
      for (int c = 0; c < others; c++) {
        factors[ones + c] = -kernels.dot(columns, (width + c) * length + from, x, from, count);
      }
    }

    /** Adds those columns, times the factors, to a vector that ends where they end. */
    private void addColumns(
        double[] columns, int length, int ones, int others, double[] y, int at, int count) {
      int from = length - count;
      kernels.addRows(ones, columns, from, length, factors, 0, y, at, count);
      int second = width * length + from;
      kernels.addRows(others, columns, second, length, factors, ones, y, at, count);
    }

    private static void scale(double[] x, int from, int count, double factor) {
      for (int i = from; i < from + count; i++) {
        x[i] *= factor;
      }
    }
  }
}
