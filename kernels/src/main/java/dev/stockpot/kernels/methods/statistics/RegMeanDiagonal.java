package dev.stockpot.kernels.methods.statistics;

import static java.util.Objects.requireNonNull;

import dev.stockpot.kernels.matrix.Demand;
import dev.stockpot.kernels.matrix.Matrices;
import dev.stockpot.kernels.matrix.Matrix;
import dev.stockpot.kernels.method.MatrixProgram;
import dev.stockpot.kernels.method.WholeTensor;
import java.util.List;

/**
 * {@link RegMeanSolve} of diagonal matrices: each input has a weighted mean of its own, and where
 * no model has that input it is the reference's.
 */
record RegMeanDiagonal(RegMeanTerms terms) implements MatrixProgram {
  RegMeanDiagonal {
    requireNonNull(terms, "terms is null");
  }

  @Override
  public Demand demand() {
    return terms.demand().each(3);
  }

  @Override
  public void make(Matrices algebra, List<WholeTensor> inputs, WholeTensor output) {
    int order = terms.inputs();
    double[] sums = new double[order];
    for (RegMeanTerms.Model model : terms.models()) {
      double[] squares = squares(inputs, model);
      for (int input = 0; input < order; input++) {
        sums[input] += squares[input];
      }
    }
    try (Matrix reference = terms.reference(inputs, algebra);
        Matrix made = algebra.copy(reference)) {
      for (RegMeanTerms.Model model : terms.models()) {
        double[] shares = squares(inputs, model);
        for (int input = 0; input < order; input++) {
          shares[input] = sums[input] == 0 ? 0 : shares[input] / sums[input];
        }
        try (Matrix difference = inputs.get(model.tensor()).matrix(algebra)) {
          algebra.addScaled(-1, reference, difference);
          add(shares, difference, made);
        }
      }
      output.write(algebra, made);
    }
  }

  private double[] squares(List<WholeTensor> inputs, RegMeanTerms.Model model) {
    WholeTensor stored = inputs.get(model.statistic());
    double[] squares = new double[terms.inputs()];
    for (int input = 0; input < squares.length; input++) {
      double square = stored.at(input);
      if (!(square >= 0 && square < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException(
            "a mean square is %s at input %s; compute it again".formatted(square, input));
      }
      squares[input] = model.factor() * square;
    }
    return squares;
  }

  private void add(double[] shares, Matrix difference, Matrix made) {
    double[] from = new double[difference.columns()];
    double[] into = new double[difference.columns()];
    for (int i = 0; i < difference.rows(); i++) {
      difference.read(i, 0, from, 0, from.length);
      made.read(i, 0, into, 0, into.length);
      for (int j = 0; j < into.length; j++) {
        into[j] = Math.fma(shares[terms.isTransposed() ? i : j], from[j], into[j]);
      }
      made.write(i, 0, into, 0, into.length);
    }
  }
}
