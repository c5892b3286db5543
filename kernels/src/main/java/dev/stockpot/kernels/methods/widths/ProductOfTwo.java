package dev.stockpot.kernels.methods.widths;

import dev.stockpot.kernels.matrix.Demand;
import dev.stockpot.kernels.matrix.Matrices;
import dev.stockpot.kernels.matrix.Matrix;
import dev.stockpot.kernels.method.MatrixProgram;
import dev.stockpot.kernels.method.WholeTensor;
import java.util.List;

/** One matrix times another. */
record ProductOfTwo(long rows, long inner, long columns) implements MatrixProgram {
  @Override
  public Demand demand() {
    return Demand.matrix(rows, inner)
        .and(Demand.matrix(inner, columns))
        .and(Demand.product(rows, columns, inner));
  }

  @Override
  public void make(Matrices algebra, List<WholeTensor> inputs, WholeTensor output) {
    try (Matrix a = inputs.get(0).matrix(algebra);
        Matrix b = inputs.get(1).matrix(algebra);
        Matrix product = algebra.multiply(a, b)) {
      output.write(algebra, product);
    }
  }
}
