package dev.stockpot.kernels.methods.widths;

import dev.stockpot.kernels.matrix.Demand;
import dev.stockpot.kernels.matrix.Matrices;
import dev.stockpot.kernels.matrix.Matrix;
import dev.stockpot.kernels.method.MatrixProgram;
import dev.stockpot.kernels.method.WholeTensor;
import java.util.List;

/**
 * What a map between centred rows has to add: {@code c = mean(B) - S mean(A)}. Means are those of
 * rows, or sums of so many.
 *
 * @param rows of A and B; 1 for sums
 * @param samples of each sum; 1 for rows
 */
record Shift(long rows, long from, long to, double samples) implements MatrixProgram {
  @Override
  public Demand demand() {
    return Demand.matrix(rows, from)
        .and(Demand.matrix(rows, to))
        .and(Demand.matrix(to, from))
        .and(Demand.matrix(1, to));
  }

  @Override
  public void make(Matrices algebra, List<WholeTensor> inputs, WholeTensor output) {
    try (Matrix a = inputs.get(0).matrix(algebra);
        Matrix b = inputs.get(1).matrix(algebra);
        Matrix map = inputs.get(2).matrix(algebra);
        Matrix shift = algebra.zeros(1, Math.toIntExact(to))) {
      double[] ofA = ColumnMeans.of(a);
      double[] ofB = ColumnMeans.of(b);
      double[] row = new double[ofA.length];
      for (int i = 0; i < ofB.length; i++) {
        map.read(i, 0, row, 0, row.length);
        double sum = ofB[i] / samples;
        for (int j = 0; j < row.length; j++) {
          sum = Math.fma(-row[j], ofA[j] / samples, sum);
        }
        shift.set(0, i, sum);
      }
      output.write(algebra, shift);
    }
  }
}
