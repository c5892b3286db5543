package dev.stockpot.merge.part;

import java.nio.FloatBuffer;
import java.util.Arrays;

/**
 * Adds {@code scale · left · right} to rows of a matrix. The sum over {@code k} of each element has
 * one order, whatever else is computed beside it; a product and a sum are rounded each.
 *
 * @param left {@code rank} numbers for each row
 * @param right {@code rank} rows of as many numbers as the matrix has columns
 */
record LowRankProduct(FloatBuffer left, FloatBuffer right, int rank, float scale) {
  /** Numbers of {@code right} that are taken at once: they stay in a core's nearest cache. */
  private static final int PANEL = 8_192;

  private static final int LEAST_WIDTH = 128;
  private static final int MOST_WIDTH = 2_048;

  void addTo(FloatBuffer matrix, int rows, int columns) {
    int width = Math.min(columns, Math.max(LEAST_WIDTH, Math.min(MOST_WIDTH, PANEL / rank)));
    float[] factors = new float[rows * rank];
    left.get(0, factors);
    float[][] panel = new float[rank][width];
    float[][] sums = new float[2][width];
    float[] row = new float[width];
    for (int column = 0; column < columns; column += width) {
      int count = Math.min(width, columns - column);
      for (int k = 0; k < rank; k++) {
        right.get(k * columns + column, panel[k], 0, count);
      }
      int i = 0;
      for (; i + 1 < rows; i += 2) {
        addUp(panel, factors, i * rank, sums[0], sums[1]);
        add(matrix, i * columns + column, count, sums[0], row);
        add(matrix, (i + 1) * columns + column, count, sums[1], row);
      }
      if (i < rows) {
        addUp(panel, factors, i * rank, sums[0]);
        add(matrix, i * columns + column, count, sums[0], row);
      }
    }
  }

  private void add(FloatBuffer matrix, int at, int count, float[] sum, float[] row) {
    matrix.get(at, row, 0, count);
    for (int j = 0; j < count; j++) {
      row[j] += scale * sum[j];
    }
    matrix.put(at, row, 0, count);
  }

  /** One row: {@code sum[j] = Σₖ factors[at + k] · panel[k][j]}. */
  private void addUp(float[][] panel, float[] factors, int at, float[] sum) {
    Arrays.fill(sum, 0);
    for (int k = 0; k < rank; k++) {
      addScaled(panel[k], factors[at + k], sum);
    }
  }

  /** Two rows that follow each other, four steps of the sums at a time. */
  private void addUp(float[][] panel, float[] factors, int at, float[] first, float[] second) {
    Arrays.fill(first, 0);
    Arrays.fill(second, 0);
    int k = 0;
    for (; k + 3 < rank; k += 4) {
      int a = at + k;
      int b = a + rank;
      addScaled(
          panel[k],
          panel[k + 1],
          panel[k + 2],
          panel[k + 3],
          factors[a],
          factors[a + 1],
          factors[a + 2],
          factors[a + 3],
          first);
      addScaled(
          panel[k],
          panel[k + 1],
          panel[k + 2],
          panel[k + 3],
          factors[b],
          factors[b + 1],
          factors[b + 2],
          factors[b + 3],
          second);
    }
    for (; k < rank; k++) {
      addScaled(panel[k], factors[at + k], first);
      addScaled(panel[k], factors[at + rank + k], second);
    }
  }

  private static void addScaled(float[] from, float factor, float[] sum) {
    for (int j = 0; j < sum.length; j++) {
      sum[j] += factor * from[j];
    }
  }

  private static void addScaled(
      float[] w, float[] x, float[] y, float[] z, float a, float b, float c, float d, float[] sum) {
    for (int j = 0; j < sum.length; j++) {
      sum[j] = (((sum[j] + a * w[j]) + b * x[j]) + c * y[j]) + d * z[j];
    }
  }
}
