package dev.stockpot.kernels.methods.widths;

import dev.stockpot.kernels.matrix.CholeskyFactor;
import dev.stockpot.kernels.matrix.Demand;
import dev.stockpot.kernels.matrix.Matrices;
import dev.stockpot.kernels.matrix.Matrix;
import dev.stockpot.kernels.method.Measures;
import dev.stockpot.kernels.method.MeasuringProgram;
import dev.stockpot.kernels.method.WholeTensor;
import java.util.List;

/** The least-squares map from the rows of one matrix to those of another, by normal equations. */
record LeastSquares(long rows, long from, long to, double ridge, boolean isCentered)
    implements MeasuringProgram {
  LeastSquares {
    if (!(ridge >= 0) || Double.isInfinite(ridge)) {
      throw new IllegalArgumentException("ridge is %s, must not be below 0".formatted(ridge));
    }
  }

  @Override
  public Demand demand() {
    Demand inputs = Demand.matrix(rows, from).and(Demand.matrix(rows, to));
    return inputs
        .and(Demand.gram(rows, from))
        .and(Demand.product(from, to, rows))
        .and(solving(from, to));
  }

  /** What it takes to solve normal equations. */
  static Demand solving(long from, long to) {
    return Demand.cholesky(from).and(Demand.solve(from, to)).and(Demand.matrix(from, from));
  }

  @Override
  public void make(Matrices algebra, List<WholeTensor> inputs, WholeTensor output, Measures found) {
    try (Matrix a = inputs.get(0).matrix(algebra);
        Matrix b = inputs.get(1).matrix(algebra)) {
      if (isCentered) {
        ColumnMeans.center(a);
        ColumnMeans.center(b);
      }
      try (Matrix gram = algebra.gram(a);
          Matrix cross = algebra.multiply(a.transposed(), b)) {
        double met = solve(algebra, gram, cross, ridge, output, found);
        found.take(Explained.MEASURE, 1 - (algebra.inner(b, b) - met) / Explained.spread(b));
      }
    }
  }

  /**
   * Writes {@code S = ((gram + ridge) ⁻¹ cross)ᵀ}.
   *
   * @return by how much S takes the squares of what is to be met down
   */
  static double solve(
      Matrices algebra,
      Matrix gram,
      Matrix cross,
      double ridge,
      WholeTensor output,
      Measures found) {
    try (CholeskyFactor factor = algebra.cholesky(gram, ridge);
        Matrix solved = algebra.solve(factor, cross)) {
      output.write(algebra, solved.transposed());
      if (factor.escalations() > 0) {
        found.take("ridge, raised", factor.ridge());
      }
      // of the normal equations: |B|² - |B - A Sᵀ|² = 2<Sᵀ, cross> - <Sᵀ, gram Sᵀ>
      return algebra.inner(solved, cross) + factor.ridge() * algebra.inner(solved, solved);
    }
  }
}
