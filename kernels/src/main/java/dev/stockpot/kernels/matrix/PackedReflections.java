package dev.stockpot.kernels.matrix;

import dev.stockpot.kernels.matrix.Multiplication.Wanted;

/** Applies the reflections of a {@link Bidiagonal}, {@value #GROUP} at once. */
final class PackedReflections {
  private static final int GROUP = 256;

  private final MatrixMemory memory;
  private final Multiplication multiplication;
  private final Householder householder;

  PackedReflections(MatrixMemory memory, Multiplication multiplication, Householder householder) {
    this.memory = memory;
    this.multiplication = multiplication;
    this.householder = householder;
  }

  /** {@code c = Q c}. */
  void applyLeft(Bidiagonal from, Matrix c) {
    apply(from.packed.transposed(), 0, from.left, c);
  }

  /** {@code c = P c}. */
  void applyRight(Bidiagonal from, Matrix c) {
    apply(from.packed, 1, from.right, c);
  }

  /**
   * Last ones first.
   *
   * @param packed row i holds vector i, whose one is left out at {@code i + shift}
   */
  private void apply(Matrix packed, int shift, double[] scales, Matrix c) {
    int count = scales.length - shift;
    for (int first = (count - 1) / GROUP * GROUP; first >= 0; first -= GROUP) {
      int width = Math.min(GROUP, count - first);
      int begin = first + shift;
      int length = packed.columns() - begin;
      if (width < 1 || length < 1) {
        continue;
      }
      try (Matrix rows = vectors(packed.window(first, begin, width, length));
          Matrix t = triangle(rows, scales, first)) {
        Reflectors group = new Reflectors(rows.transposed(), t);
        householder.apply(group, c.window(begin, 0, length, c.columns()), false);
      }
    }
  }

  /** The vectors as rows: zeros, one, and what was packed. */
  private Matrix vectors(Matrix packed) {
    int width = packed.rows();
    int length = packed.columns();
    Matrix rows = memory.matrix(width, length);
    double[] row = new double[length];
    for (int i = 0; i < width; i++) {
      packed.read(i, 0, row, 0, length);
      for (int j = 0; j < Math.min(i, length); j++) {
        row[j] = 0;
      }
      row[i] = 1;
      rows.write(i, 0, row, 0, length);
    }
    return rows;
  }

  private Matrix triangle(Matrix rows, double[] scales, int first) {
    int width = rows.rows();
    Matrix t = memory.zeros(width, width);
    try (Matrix products = memory.matrix(width, width)) {
      multiplication.set(1, rows, rows.transposed(), products, Wanted.LOWER);
      double[] made = new double[width * width];
      double[] product = new double[width];
      for (int c = 0; c < width; c++) {
        double scale = scales[first + c];
        products.read(c, 0, product, 0, c);
        for (int i = 0; i < c; i++) {
          double sum = 0;
          for (int d = i; d < c; d++) {
            sum = Math.fma(made[i * width + d], product[d], sum);
          }
          made[i * width + c] = -scale * sum;
        }
        made[c * width + c] = scale;
      }
      for (int i = 0; i < width; i++) {
        t.write(i, 0, made, i * width, width);
      }
    }
    return t;
  }
}
