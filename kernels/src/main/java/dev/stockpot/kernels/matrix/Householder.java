package dev.stockpot.kernels.matrix;

import dev.stockpot.kernels.MatrixKernels;
import dev.stockpot.kernels.matrix.Multiplication.Wanted;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * QR by Householder reflections, in panels of {@value #PANEL} columns, each of which is halved down
 * to {@value #LEAF} (Elmroth and Gustavson, 1998), so that nearly all is products.
 */
final class Householder {
  private static final int PANEL = 128;
  private static final int LEAF = 32;

  private final MatrixMemory memory;
  private final MatrixKernels kernels;
  private final Multiplication multiplication;

  Householder(MatrixMemory memory, MatrixKernels kernels, Multiplication multiplication) {
    this.memory = memory;
    this.kernels = kernels;
    this.multiplication = multiplication;
  }

  /** Makes Q; what is R of the matrix takes its place, with zeros below. */
  Matrix factor(Matrix a) {
    int m = a.rows();
    int k = Math.min(m, a.columns());
    Deque<Reflectors> panels = new ArrayDeque<>();
    try {
      for (int j = 0; j < k; j += PANEL) {
        int width = Math.min(PANEL, k - j);
        panels.push(panel(a.window(j, j, m - j, width)));
        int rest = a.columns() - j - width;
        if (rest > 0) {
          apply(panels.peek(), a.window(j, j + width, m - j, rest), true);
        }
      }
      return orthogonal(m, k, panels);
    } finally {
      panels.forEach(Reflectors::close);
    }
  }

  /** The first k columns of the product of all panels, the last of which comes first. */
  private Matrix orthogonal(int m, int k, Deque<Reflectors> panels) {
    Matrix q = memory.zeros(m, k);
    for (int i = 0; i < k; i++) {
      q.set(i, i, 1);
    }
    int j = (k - 1) / PANEL * PANEL;
    for (Reflectors panel : panels) {
      apply(panel, q.window(j, j, m - j, k - j), false);
      j -= PANEL;
    }
    return q;
  }

  /** {@code c = (I - V T Vᵀ) c}, or with the transpose of T. */
  void apply(Reflectors reflectors, Matrix c, boolean transposed) {
    Matrix v = reflectors.v();
    Matrix t = transposed ? reflectors.t().transposed() : reflectors.t();
    try (Matrix first = memory.matrix(v.columns(), c.columns());
        Matrix second = memory.matrix(v.columns(), c.columns())) {
      multiplication.set(1, v.transposed(), c, first, Wanted.ALL);
      multiplication.set(1, t, first, second, Wanted.ALL);
      multiplication.add(-1, v, second, c, Wanted.ALL);
    }
  }

  private Reflectors panel(Matrix a) {
    Matrix v = memory.zeros(a.rows(), a.columns());
    Matrix t = memory.zeros(a.columns(), a.columns());
    Reflectors reflectors = new Reflectors(v, t);
    reduce(a, reflectors);
    return reflectors;
  }

  private void reduce(Matrix a, Reflectors into) {
    int w = a.columns();
    if (w <= LEAF) {
      new Leaf(kernels, a).reduce(into);
      return;
    }
    int left = w / 2;
    int right = w - left;
    int m = a.rows();
    Reflectors first = part(into, 0, 0, left);
    reduce(a.window(0, 0, m, left), first);
    apply(first, a.window(0, left, m, right), true);
    Reflectors second = part(into, left, left, right);
    reduce(a.window(left, left, m - left, right), second);
    // T of both: | T1  -T1 V1ᵀ V2 T2 |
    //            |           T2      |
    try (Matrix overlap = memory.matrix(left, right);
        Matrix product = memory.matrix(left, right)) {
      Matrix below = first.v().window(left, 0, m - left, left);
      multiplication.set(1, below.transposed(), second.v(), overlap, Wanted.ALL);
      multiplication.set(-1, first.t(), overlap, product, Wanted.ALL);
      multiplication.set(1, product, second.t(), into.t().window(0, left, left, right), Wanted.ALL);
    }
  }

  private static Reflectors part(Reflectors of, int row, int column, int width) {
    return new Reflectors(
        of.v().window(row, column, of.v().rows() - row, width),
        of.t().window(column, column, width, width));
  }
}
