package dev.stockpot.kernels.methods.widths;

import dev.stockpot.kernels.matrix.Demand;
import dev.stockpot.kernels.matrix.Matrices;
import dev.stockpot.kernels.matrix.Matrix;
import dev.stockpot.kernels.method.Measures;
import dev.stockpot.kernels.method.MeasuringProgram;
import dev.stockpot.kernels.method.WholeTensor;
import java.util.List;

/**
 * The least-squares map, of sums of products over examples that both models have seen.
 *
 * @param scale what the products with the other model's are multiplied with, to be sums of as many
 *     examples as the others
 */
record OfProducts(long from, long to, double ridge, double scale) implements MeasuringProgram {
  @Override
  public Demand demand() {
    return Demand.matrix(from, from)
        .and(Demand.matrix(from, to).each(2))
        .and(LeastSquares.solving(from, to));
  }

  @Override
  public void make(Matrices algebra, List<WholeTensor> inputs, WholeTensor output, Measures found) {
    try (Matrix gram = inputs.get(0).matrix(algebra);
        Matrix stored = inputs.get(1).matrix(algebra);
        Matrix cross = algebra.weightedSum(List.of(stored), scale)) {
      LeastSquares.solve(algebra, gram, cross, ridge, output, found);
    }
  }
}
