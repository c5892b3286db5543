package dev.stockpot.kernels.methods.widths;

import dev.stockpot.kernels.matrix.Demand;
import dev.stockpot.kernels.matrix.Matrices;
import dev.stockpot.kernels.matrix.Matrix;
import dev.stockpot.kernels.method.MatrixProgram;
import dev.stockpot.kernels.method.WholeTensor;
import java.util.List;

/**
 * The bias of a layer that reads what a map gives: {@code W c + b}, c being what the map adds.
 *
 * @param hasBias whether there is a b already
 */
record MappedShift(long rows, long inner, boolean hasBias) implements MatrixProgram {
  @Override
  public Demand demand() {
    return Demand.matrix(rows, inner).and(Demand.matrix(1, rows));
  }

  @Override
  public void make(Matrices algebra, List<WholeTensor> inputs, WholeTensor output) {
    try (Matrix weight = inputs.get(0).matrix(algebra);
        Matrix made = algebra.zeros(1, Math.toIntExact(rows))) {
      double[] row = new double[weight.columns()];
      for (int i = 0; i < weight.rows(); i++) {
        weight.read(i, 0, row, 0, row.length);
        double sum = hasBias ? inputs.get(2).at(i) : 0;
        for (int j = 0; j < row.length; j++) {
          sum = Math.fma(row[j], inputs.get(1).at(j), sum);
        }
        made.set(0, i, sum);
      }
      output.write(algebra, made);
    }
  }
}
