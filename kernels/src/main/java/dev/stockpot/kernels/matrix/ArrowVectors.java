package dev.stockpot.kernels.matrix;

import dev.stockpot.kernels.MatrixKernels;
import java.util.Arrays;

/**
 * Singular values and vectors of an {@link Arrow}. The vectors are those of an arrow whose z is
 * computed from the values found: that one is as near as rounding allows, and its vectors are
 * orthonormal to working accuracy (Gu and Eisenstat, 1995).
 */
final class ArrowVectors implements AutoCloseable {
  private final MatrixKernels kernels;
  private final Arrow arrow;
  private final int count;
  private final double[] values;
  private final double[] z;
  private final int[] places;
  private final Matrix differences;

  ArrowVectors(MatrixMemory memory, MatrixKernels kernels, Arrow arrow) {
    this.kernels = kernels;
    this.arrow = arrow;
    count = arrow.kept();
    values = new double[count];
    z = new double[count];
    places = arrow.placesByKind();
    differences = memory.matrix(count, count);
    if (count == 1) {
      values[0] = Math.abs(arrow.z[0]);
    } else {
      findValues();
      findFirstRow();
    }
  }

  /** In ascending order. */
  double[] values() {
    return values;
  }

  private void findValues() {
    Secular secular = new Secular(arrow.d, arrow.z, count);
    double[] row = new double[count];
    for (int i = 0; i < count; i++) {
      values[i] = secular.root(i, row);
      differences.write(i, 0, row, 0, count);
    }
  }

  /** {@code z[k]² = Π (x[i]² - d[k]²) / Π (d[i]² - d[k]²)}, in pairs that are near one. */
  private void findFirstRow() {
    double[] d = arrow.d;
    double[] row = new double[count];
    double[] product = new double[count];
    Arrays.fill(product, 1);
    for (int i = 0; i < count; i++) {
      differences.read(i, 0, row, 0, count);
      for (int k = 0; k < count; k++) {
        if (i == count - 1) {
          product[k] *= -row[k];
        } else {
          int pole = i < k ? i : i + 1;
          product[k] *= row[k] / ((d[k] - d[pole]) * (d[k] + d[pole]));
        }
      }
    }
    for (int k = 0; k < count; k++) {
      double size = Math.sqrt(Math.abs(product[k]));
      z[k] = arrow.z[k] < 0 ? -size : size;
    }
  }

  /** The vectors as rows, elements in the order of {@link Arrow#placesByKind()}. */
  void write(boolean left, Matrix into) {
    if (count == 1) {
      into.set(0, 0, left && arrow.z[0] < 0 ? -1 : 1);
      return;
    }
    double[] row = new double[count];
    double[] vector = new double[count];
    for (int i = 0; i < count; i++) {
      differences.read(i, 0, row, 0, count);
      for (int k = 0; k < count; k++) {
        double element = z[k] / row[k];
        vector[places[k]] = left ? element * arrow.d[k] : element;
      }
      if (left) {
        vector[places[0]] = -1;
      }
      double length = Math.sqrt(kernels.dot(vector, 0, vector, 0, count));
      for (int k = 0; k < count; k++) {
        vector[k] /= length;
      }
      into.write(i, 0, vector, 0, count);
    }
  }

  @Override
  public void close() {
    differences.close();
  }
}
