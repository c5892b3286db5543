package dev.stockpot.kernels.methods.widths;

import dev.stockpot.kernels.matrix.Demand;
import dev.stockpot.kernels.matrix.Matrices;
import dev.stockpot.kernels.matrix.Matrix;
import dev.stockpot.kernels.method.MatrixProgram;
import dev.stockpot.kernels.method.WholeTensor;
import java.util.Arrays;
import java.util.List;

/** Rows that are means of a few others, whose places are known. */
final class MeansOfRows implements MatrixProgram {
  private static final long serialVersionUID = 1;

  private final long rows;
  private final long columns;

  /** Places of the rows of each mean. */
  private final int[][] places;

  MeansOfRows(long rows, long columns, int[][] places) {
    for (int[] of : places) {
      if (of.length == 0 || Arrays.stream(of).anyMatch(row -> row < 0 || row >= rows)) {
        throw new IllegalArgumentException(
            "the mean of rows %s, of which there are %s".formatted(Arrays.toString(of), rows));
      }
    }
    this.rows = rows;
    this.columns = columns;
    this.places = Arrays.stream(places).map(int[]::clone).toArray(int[][]::new);
  }

  @Override
  public Demand demand() {
    return Demand.matrix(rows, columns).and(Demand.matrix(places.length, columns));
  }

  @Override
  public void make(Matrices algebra, List<WholeTensor> inputs, WholeTensor output) {
    try (Matrix all = inputs.get(0).matrix(algebra);
        Matrix made = algebra.zeros(places.length, all.columns())) {
      double[] row = new double[all.columns()];
      for (int i = 0; i < places.length; i++) {
        double[] mean = new double[row.length];
        for (int place : places[i]) {
          all.read(place, 0, row, 0, row.length);
          for (int j = 0; j < row.length; j++) {
            mean[j] += row[j];
          }
        }
        for (int j = 0; j < row.length; j++) {
          mean[j] /= places[i].length;
        }
        made.write(i, 0, mean, 0, mean.length);
      }
      output.write(algebra, made);
    }
  }
}
