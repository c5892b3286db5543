package dev.stockpot.kernels.methods.widths;

import dev.stockpot.kernels.matrix.Demand;
import dev.stockpot.kernels.matrix.Matrices;
import dev.stockpot.kernels.matrix.Matrix;
import dev.stockpot.kernels.method.MatrixProgram;
import dev.stockpot.kernels.method.Measures;
import dev.stockpot.kernels.method.WholeTensor;
import java.util.List;

/** The least-squares map, of sums of products over examples that both models have seen. */
record OfProducts(long from, long to, double ridge) implements MatrixProgram {
  @Override
  public Demand demand() {
    return Demand.matrix(from, from)
        .and(Demand.matrix(from, to))
        .and(LeastSquares.solving(from, to));
  }

  @Override
  public void make(Matrices algebra, List<WholeTensor> inputs, WholeTensor output) {
    make(algebra, inputs, output, Measures.NONE);
  }

  @Override
  public void make(
      Matrices algebra, List<WholeTensor> inputs, WholeTensor output, Measures found) {
    try (Matrix gram = inputs.get(0).matrix(algebra);
        Matrix cross = inputs.get(1).matrix(algebra)) {
      LeastSquares.solve(algebra, gram, cross, ridge, output, found);
    }
  }
}
