package dev.stockpot.kernels.matrix;

import dev.stockpot.kernels.MatrixKernels;

/** A few columns that are reduced one by one, each lying in one piece. */
final class Leaf {
  private final MatrixKernels kernels;
  private final Matrix a;
  private final int length;
  private final int count;
  private final double[] columns;
  private final double[] scales;

  Leaf(MatrixKernels kernels, Matrix a) {
    this.kernels = kernels;
    this.a = a;
    this.length = a.rows();
    this.count = a.columns();
    this.columns = new double[length * count];
    this.scales = new double[count];
    double[] row = new double[count];
    for (int i = 0; i < length; i++) {
      a.read(i, 0, row, 0, count);
      for (int c = 0; c < count; c++) {
        columns[c * length + i] = row[c];
      }
    }
  }

  /** Reduces them to R, which takes their place. */
  void reduce(Reflectors into) {
    for (int c = 0; c < count; c++) {
      scales[c] = reflect(c);
    }
    writeTriangle();
    writeVectors(into.v());
    writeScales(into.t());
  }

  /**
   * Makes column c zero below the diagonal, where its vector is left without its leading one.
   *
   * @return the reflection's scale; zero if there is nothing to do
   */
  private double reflect(int c) {
    int diagonal = c * length + c;
    int below = length - 1 - c;
    Reflection reflection = Reflection.of(kernels, columns, diagonal, below + 1);
    columns[diagonal] = reflection.made();
    if (reflection.scale() == 0) {
      return 0;
    }
    double[] factor = new double[1];
    for (int d = c + 1; d < count; d++) {
      int at = d * length + c;
      double product = columns[at] + kernels.dot(columns, diagonal + 1, columns, at + 1, below);
      factor[0] = -reflection.scale() * product;
      columns[at] += factor[0];
      kernels.addRows(1, columns, diagonal + 1, length, factor, 0, columns, at + 1, below);
    }
    return reflection.scale();
  }

  private void writeTriangle() {
    double[] row = new double[count];
    for (int i = 0; i < length; i++) {
      for (int c = 0; c < count; c++) {
        row[c] = i <= c ? columns[c * length + i] : 0;
      }
      a.write(i, 0, row, 0, count);
    }
  }

  private void writeVectors(Matrix v) {
    double[] row = new double[count];
    for (int i = 0; i < length; i++) {
      for (int c = 0; c < count; c++) {
        row[c] = i > c ? columns[c * length + i] : i == c ? 1 : 0;
      }
      v.write(i, 0, row, 0, count);
    }
  }

  /** Column c of T is {@code -scale T (Vᵀ v)} above its diagonal, by what is left of it. */
  private void writeScales(Matrix t) {
    double[] products = new double[count];
    for (int c = 0; c < count; c++) {
      int below = length - 1 - c;
      int tail = c * length + c + 1;
      for (int d = 0; d < c; d++) {
        int at = d * length + c;
        products[d] = columns[at] + kernels.dot(columns, at + 1, columns, tail, below);
      }
      for (int i = 0; i < c; i++) {
        double sum = 0;
        for (int d = i; d < c; d++) {
          sum = Math.fma(t.at(i, d), products[d], sum);
        }
        t.set(i, c, -scales[c] * sum);
      }
      t.set(c, c, scales[c]);
    }
  }
}
