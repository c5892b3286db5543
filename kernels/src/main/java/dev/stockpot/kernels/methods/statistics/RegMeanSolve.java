package dev.stockpot.kernels.methods.statistics;

import static java.util.Objects.requireNonNull;

import dev.stockpot.kernels.matrix.CholeskyFactor;
import dev.stockpot.kernels.matrix.Demand;
import dev.stockpot.kernels.matrix.Matrices;
import dev.stockpot.kernels.matrix.Matrix;
import dev.stockpot.kernels.method.Measures;
import dev.stockpot.kernels.method.MeasuringProgram;
import dev.stockpot.kernels.method.WholeTensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

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
    int products = terms.models().size() - (terms.spared().isPresent() ? 1 : 0);
    Demand product = Demand.product(inputs, terms.outputs(), inputs).times(products);
    Demand sums =
        tensor
            .each(3)
            .and(gram)
            .and(Demand.matrix(Math.min(PANEL, inputs), inputs).each(2))
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
      if (GramDiagonal.isZero(left)) { // no model has an input here
        right.close();
        output.write(algebra, terms.reference(inputs, algebra));
        return;
      }
      factor = algebra.cholesky(left, ridge);
      found.take(RANK, GramDiagonal.share(factor, left));
      if (factor.escalations() > 0) {
        found.take(RAISED, factor.ridge() / GramDiagonal.mean(left));
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

  /**
   * {@code left = Σ gᵢGᵢ}, and {@code right = Σ (Wᵢ−R) gᵢGᵢ}, each as the tensor is stored. Around
   * the mean, where {@code Σ wᵢ (Wᵢ−R)} is zero, one model needs no product: of the others it is
   * {@code Σ (Wᵢ−R) (gᵢGᵢ − wᵢ/wₖ gₖGₖ)}.
   */
  private void addAll(Matrices algebra, List<WholeTensor> inputs, Matrix left, Matrix right) {
    int order = terms.inputs();
    Optional<RegMeanTerms.Model> spared = terms.spared();
    List<RegMeanTerms.Model> others = new ArrayList<>(terms.models());
    spared.ifPresent(others::remove);
    int most = Math.min(PANEL, order);
    try (Matrix reference = terms.reference(inputs, algebra);
        Matrix panel = algebra.zeros(most, order);
        Matrix sparedPanel = algebra.zeros(spared.isPresent() ? most : 1, order)) {
      for (int i = 0; i < others.size(); i++) {
        RegMeanTerms.Model model = others.get(i);
        GramRows gram = gram(inputs, model);
        Optional<GramRows> sparedGram = spared.map(one -> gram(inputs, one));
        double ratio = spared.map(one -> model.weight() / one.weight()).orElse(0.0);
        try (Matrix difference = inputs.get(model.tensor()).matrix(algebra)) {
          algebra.addScaled(-1, reference, difference);
          for (int first = 0; first < order; first += PANEL) {
            int count = Math.min(PANEL, order - first);
            Matrix sum = left.window(first, 0, count, order);
            Matrix rows = panel.window(0, 0, count, order);
            gram.read(first, rows);
            algebra.addScaled(1, rows, sum);
            if (sparedGram.isPresent()) {
              Matrix sparedRows = sparedPanel.window(0, 0, count, order);
              sparedGram.get().read(first, sparedRows);
              if (i == 0) {
                algebra.addScaled(1, sparedRows, sum);
              }
              algebra.addScaled(-ratio, sparedRows, rows);
            }
            addProduct(algebra, rows, first, difference, right);
          }
        }
      }
    }
  }

  private GramRows gram(List<WholeTensor> inputs, RegMeanTerms.Model model) {
    return new GramRows(inputs.get(model.statistic()), terms.inputs(), alpha, model.factor());
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
}
