package dev.stockpot.kernels.methods.statistics;

import static java.util.Objects.requireNonNull;

import dev.stockpot.kernels.matrix.CholeskyFactor;
import dev.stockpot.kernels.matrix.Demand;
import dev.stockpot.kernels.matrix.Matrices;
import dev.stockpot.kernels.matrix.Matrix;
import dev.stockpot.kernels.method.Measures;
import dev.stockpot.kernels.method.MeasuringProgram;
import dev.stockpot.kernels.method.WholeTensor;
import java.util.List;

/**
 * {@code R + Σ (Wᵢ−R) gᵢGᵢ (Σ gᵢGᵢ + ρI)⁻¹}, W being outputs x inputs. Around a reference, so that
 * a ridge draws towards it and not towards zero: one model, or equal ones, give what they are.
 *
 * @param alpha factor on what is off the diagonals
 * @param ridge added to the diagonal of the sum, times its mean
 */
record RegMeanSolve(RegMeanTerms terms, double alpha, double ridge) implements MeasuringProgram {
  private static final String RANK = "share of inputs that examples of `regmean` fill";

  private static final String RAISED =
      "ridge of `regmean`, raised by tens until it was enough, in units of the diagonal's mean";

  /** Of the diagonal's mean: below it is rounding. */
  private static final double LEAST = 1e-14;

  /** A pivot that is not so often the ridge is nothing but the ridge. */
  private static final double ABOVE_RIDGE = 1_000;

  /** Rows of a Gram matrix that are read at once. */
  private static final int PANEL = 512;

  RegMeanSolve {
    requireNonNull(terms, "terms is null");
  }

  @Override
  public Demand demand() {
    long inputs = terms.inputs();
    Demand tensor = terms.demand();
    Demand gram = Demand.matrix(inputs, inputs);
    Demand product = Demand.product(inputs, terms.outputs(), inputs).times(terms.models().size());
    Demand sums =
        tensor
            .each(3)
            .and(gram)
            .and(Demand.matrix(Math.min(PANEL, inputs), inputs))
            .and(new Demand(0, product.operations()));
    Demand factor = tensor.and(gram).and(Demand.cholesky(inputs));
    Demand solution = tensor.each(2).and(gram).and(Demand.solve(inputs, terms.outputs()));
    return sums.then(factor).then(solution);
  }

  @Override
  public void make(Matrices algebra, List<WholeTensor> inputs, WholeTensor output, Measures found) {
    int order = terms.inputs();
    Matrix right = algebra.zeros(output.rows(), output.columns());
    CholeskyFactor factor;
    try (Matrix left = algebra.zeros(order, order)) {
      addAll(algebra, inputs, left, right);
      if (isZero(left)) { // no model has an input here
        right.close();
        output.write(algebra, terms.reference(inputs, algebra));
        return;
      }
      factor = algebra.cholesky(left, ridge);
      found.take(RANK, share(factor, left));
      if (factor.escalations() > 0) {
        found.take(RAISED, factor.ridge() / mean(left));
      }
    }
    boolean isTransposed = terms.isTransposed();
    try (factor;
        right;
        Matrix solved = algebra.solve(factor, isTransposed ? right : right.transposed());
        Matrix made = terms.reference(inputs, algebra)) {
      algebra.addScaled(1, isTransposed ? solved : solved.transposed(), made);
      output.write(algebra, made);
    }
  }

  /** {@code left = Σ gᵢGᵢ}, and {@code right = Σ (Wᵢ−R) gᵢGᵢ}, each as the tensor is stored. */
  private void addAll(Matrices algebra, List<WholeTensor> inputs, Matrix left, Matrix right) {
    int order = terms.inputs();
    try (Matrix reference = terms.reference(inputs, algebra);
        Matrix panel = algebra.zeros(Math.min(PANEL, order), order)) {
      for (RegMeanTerms.Model model : terms.models()) {
        GramRows gram = new GramRows(inputs.get(model.statistic()), order, alpha, model.factor());
        try (Matrix difference = inputs.get(model.tensor()).matrix(algebra)) {
          algebra.addScaled(-1, reference, difference);
          for (int first = 0; first < order; first += PANEL) {
            int count = Math.min(PANEL, order - first);
            Matrix rows = panel.window(0, 0, count, order);
            gram.read(first, rows);
            algebra.addScaled(1, rows, left.window(first, 0, count, order));
            addProduct(algebra, rows, first, difference, right);
          }
        }
      }
    }
  }

  private void addProduct(
      Matrices algebra, Matrix rows, int first, Matrix difference, Matrix right) {
    if (terms.isTransposed()) {
      Matrix part = right.window(first, 0, rows.rows(), right.columns());
      algebra.addProduct(1, rows, difference, part);
    } else {
      Matrix part = difference.window(0, first, difference.rows(), rows.rows());
      algebra.addProduct(1, part, rows, right);
    }
  }

  /**
   * The rank of a matrix, about, in units of its order: where an input depends on those before,
   * elimination leaves a pivot of not much more than the ridge.
   */
  private static double share(CholeskyFactor factor, Matrix gram) {
    double least = ABOVE_RIDGE * Math.max(factor.ridge(), LEAST * mean(gram));
    int order = gram.rows();
    int rank = 0;
    for (int i = 0; i < order; i++) {
      double root = factor.lower().at(i, i);
      rank += root * root > least ? 1 : 0;
    }
    return (double) rank / order;
  }

  private static double mean(Matrix gram) {
    double mean = 0;
    for (int i = 0; i < gram.rows(); i++) {
      mean += gram.at(i, i) / gram.rows();
    }
    return mean;
  }

  private static boolean isZero(Matrix gram) {
    for (int i = 0; i < gram.rows(); i++) {
      if (gram.at(i, i) > 0) {
        return false;
      }
    }
    return true;
  }
}
