package dev.stockpot.kernels.methods.widths;

import dev.stockpot.kernels.matrix.Demand;
import dev.stockpot.kernels.matrix.Matrices;
import dev.stockpot.kernels.matrix.Matrix;
import dev.stockpot.kernels.method.Measures;
import dev.stockpot.kernels.method.MeasuringProgram;
import dev.stockpot.kernels.method.WholeTensor;
import java.util.List;

/** The orthogonal map from the rows of one matrix to those of another: the polar factor of BᵀA. */
record Procrustes(long rows, long width, boolean isCentered) implements MeasuringProgram {
  @Override
  public Demand demand() {
    return Demand.matrix(rows, width)
        .each(2)
        .and(Demand.product(width, width, rows))
        .and(Demand.polar(width, width));
  }

  @Override
  public void make(Matrices algebra, List<WholeTensor> inputs, WholeTensor output, Measures found) {
    try (Matrix a = inputs.get(0).matrix(algebra);
        Matrix b = inputs.get(1).matrix(algebra)) {
      if (isCentered) {
        ColumnMeans.center(a);
        ColumnMeans.center(b);
      }
      try (Matrix cross = algebra.multiply(b.transposed(), a);
          Matrix map = algebra.polar(cross)) {
        output.write(algebra, map);
        double left = algebra.inner(a, a) + algebra.inner(b, b) - 2 * algebra.inner(map, cross);
        found.take(Explained.MEASURE, 1 - left / Explained.spread(b));
      }
    }
  }
}
