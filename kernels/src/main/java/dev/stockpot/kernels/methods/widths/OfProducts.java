package dev.stockpot.kernels.methods.widths;

import dev.stockpot.kernels.matrix.Demand;
import dev.stockpot.kernels.matrix.Matrices;
import dev.stockpot.kernels.matrix.Matrix;
import dev.stockpot.kernels.method.Measures;
import dev.stockpot.kernels.method.MeasuringProgram;
import dev.stockpot.kernels.method.WholeTensor;
import java.util.List;

/**
 * The least-squares map, of sums of products over examples that both models have seen. Beside them
 * may lie sums of x and of y, by which products are centred; and squares of y, by which the share
 * that is explained is known.
 *
 * @param scale what the products with the other model's are multiplied with, to be sums of as many
 *     examples as the others
 * @param beside none or one: what lies beside them
 */
record OfProducts(long from, long to, double ridge, double scale, List<CrossSums> beside)
    implements MeasuringProgram {
  OfProducts {
    beside = List.copyOf(beside);
  }

  @Override
  public Demand demand() {
    return Demand.matrix(from, from)
        .and(Demand.matrix(from, to).each(2))
        .and(Demand.matrix(1, from))
        .and(Demand.matrix(1, to))
        .and(LeastSquares.solving(from, to));
  }

  @Override
  public void make(Matrices algebra, List<WholeTensor> inputs, WholeTensor output, Measures found) {
    try (Matrix gram = inputs.get(0).matrix(algebra);
        Matrix stored = inputs.get(1).matrix(algebra);
        Matrix cross = algebra.weightedSum(List.of(stored), scale)) {
      for (CrossSums sums : beside) {
        if (sums.isCentered()) {
          center(algebra, sums, inputs, gram, cross);
        }
      }
      double met = LeastSquares.solve(algebra, gram, cross, ridge, output, found);
      for (CrossSums sums : beside) {
        if (sums.squares() > 0) {
          found.take(Explained.MEASURE, explained(sums, inputs, met));
        }
      }
    }
  }

  /** Takes products of means away: {@code w mean mean' = w / n² sum sum'}. */
  private static void center(
      Matrices algebra, CrossSums sums, List<WholeTensor> inputs, Matrix gram, Matrix cross) {
    try (Matrix x = inputs.get(2).matrix(algebra);
        Matrix y = inputs.get(3).matrix(algebra)) {
      double root = Math.sqrt(sums.weight()) / sums.samples();
      for (Matrix sum : List.of(x, y)) {
        for (int j = 0; j < sum.columns(); j++) {
          sum.set(0, j, sum.at(0, j) * root);
        }
      }
      algebra.addProduct(-1, x.transposed(), x, gram);
      algebra.addProduct(-1, x.transposed(), y, cross);
    }
  }

  /** The share of the variance of y. */
  private double explained(CrossSums sums, List<WholeTensor> inputs, double met) {
    WholeTensor y = inputs.get(3);
    WholeTensor squares = inputs.get(4);
    int step = squares.shape().elements() == to ? 1 : Math.toIntExact(to) + 1;
    double all = 0;
    double ofMeans = 0;
    for (int j = 0; j < to; j++) {
      all += sums.squares() * squares.at(j * step);
      ofMeans += sums.weight() * Math.pow(y.at(j) / sums.samples(), 2);
    }
    double spread = all - ofMeans;
    if (!(spread > 0)) {
      throw new IllegalArgumentException(
          "squares of y are %s and those of its mean %s, so that nothing is to be met; are they of the same examples?"
              .formatted(all, ofMeans));
    }
    return (sums.isCentered() ? met : met - ofMeans) / spread;
  }
}
