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
import java.util.Optional;

/**
 * {@code R + Σ (Wᵢ−R) Cᵢ (S + ρI)⁻¹}, W being outputs x inputs, C and S of {@link RegMeanGrams}.
 * Around a reference, so that a ridge draws towards it and not towards zero: one model, or equal
 * ones, give what they are.
 *
 * <p>Of few outputs the sum is made first, and solved for; of many the {@code Cᵢ} are solved for,
 * which have fewer rows.
 *
 * @param alpha factor on what is off the diagonals
 * @param ridge added to the diagonal of the sum, times its mean
 */
record RegMeanSolve(RegMeanTerms terms, double alpha, double ridge) implements MeasuringProgram {
  private static final String RANK = "share of inputs that examples of `regmean` fill";

  private static final String RAISED =
      "ridge of `regmean`, raised by tens until it was enough, in units of the diagonal's mean";

  RegMeanSolve {
    requireNonNull(terms, "terms is null");
  }

  private boolean hasManyOutputs() {
    return terms.outputs() >= (long) terms.inputs() * terms.others().size();
  }

  @Override
  public Demand demand() {
    long inputs = terms.inputs();
    int others = terms.others().size();
    Demand tensor = terms.demand();
    Demand gram = Demand.matrix(inputs, inputs);
    Demand grams = RegMeanGrams.demand(terms);
    double products = Demand.product(inputs, terms.outputs(), inputs).operations() * others;
    Demand multiplying = new Demand(0, products);
    if (hasManyOutputs()) {
      Demand solving = new Demand(0, Demand.solve(inputs, inputs).operations() * others);
      Demand factor = gram.each(2).and(Demand.cholesky(inputs));
      Demand product = gram.each(2).and(grams).and(tensor.each(3)).and(multiplying);
      return gram.each(2).and(grams).then(factor).then(product.and(solving));
    }
    Demand panel = Demand.matrix(RegMeanGrams.panel(terms), inputs);
    Demand sums = tensor.each(3).and(gram).and(panel).and(grams).and(multiplying);
    Demand factor = tensor.and(gram).and(Demand.cholesky(inputs));
    double solving = Demand.solve(inputs, terms.outputs()).operations();
    return sums.then(factor).then(tensor.each(2).and(gram).and(new Demand(0, solving)));
  }

  @Override
  public void make(Matrices algebra, List<WholeTensor> inputs, WholeTensor output, Measures found) {
    Optional<Matrix> made =
        hasManyOutputs() ? ofMany(algebra, inputs, found) : ofFew(algebra, inputs, found);
    try (Matrix written = made.orElseGet(() -> terms.reference(inputs, algebra))) {
      output.write(algebra, written);
    }
  }

  private Optional<Matrix> ofFew(Matrices algebra, List<WholeTensor> inputs, Measures found) {
    int order = terms.inputs();
    Matrix sum = algebra.zeros(terms.rows(), terms.columns());
    Optional<CholeskyFactor> factor;
    try (Matrix left = algebra.zeros(order, order)) {
      addProducts(algebra, inputs, left, sum);
      factor = factor(algebra, left, found);
    }
    if (factor.isEmpty()) {
      sum.close();
      return Optional.empty();
    }
    try (CholeskyFactor solver = factor.get()) {
      algebra.solveInPlace(solver, terms.isTransposed() ? sum : sum.transposed());
    }
    try (Matrix reference = terms.reference(inputs, algebra)) {
      algebra.addScaled(1, reference, sum);
    }
    return Optional.of(sum);
  }

  /** {@code left = S}, and {@code sum = Σ (Wᵢ−R) Cᵢ}, as the tensor is stored. */
  private void addProducts(Matrices algebra, List<WholeTensor> inputs, Matrix left, Matrix sum) {
    int order = terms.inputs();
    int most = RegMeanGrams.panel(terms);
    try (Matrix reference = terms.reference(inputs, algebra);
        Matrix panel = algebra.zeros(most, order);
        RegMeanGrams grams = new RegMeanGrams(terms, inputs, alpha, algebra)) {
      for (RegMeanTerms.Model model : terms.others()) {
        try (Matrix difference = terms.difference(model, reference, inputs, algebra)) {
          for (int first = 0; first < order; first += most) {
            Matrix rows = panel.window(0, 0, Math.min(most, order - first), order);
            grams.read(model, first, rows, Optional.of(left));
            if (terms.isTransposed()) {
              Matrix part = sum.window(first, 0, rows.rows(), sum.columns());
              algebra.addProduct(1, rows, difference, part);
            } else {
              Matrix part = difference.window(0, first, difference.rows(), rows.rows());
              algebra.addProduct(1, part, rows, sum);
            }
          }
        }
      }
    }
  }

  private Optional<Matrix> ofMany(Matrices algebra, List<WholeTensor> inputs, Measures found) {
    int order = terms.inputs();
    List<RegMeanTerms.Model> others = terms.others();
    try (Matrix gram = algebra.zeros(order, order)) {
      Optional<CholeskyFactor> factor;
      try (Matrix left = algebra.zeros(order, order)) {
        try (RegMeanGrams grams = new RegMeanGrams(terms, inputs, alpha, algebra)) {
          others.forEach(model -> grams.readAll(model, gram, Optional.of(left)));
        }
        factor = factor(algebra, left, found);
      }
      if (factor.isEmpty()) {
        return Optional.empty();
      }
      Matrix sum = terms.reference(inputs, algebra);
      try (CholeskyFactor solver = factor.get();
          Matrix reference = algebra.copy(sum);
          RegMeanGrams grams = new RegMeanGrams(terms, inputs, alpha, algebra)) {
        for (int i = others.size() - 1; i >= 0; i--) {
          if (i < others.size() - 1) { // the last one's matrix is there
            grams.readAll(others.get(i), gram, Optional.empty());
          }
          algebra.solveInPlace(solver, gram);
          try (Matrix difference = terms.difference(others.get(i), reference, inputs, algebra)) {
            if (terms.isTransposed()) {
              algebra.addProduct(1, gram, difference, sum);
            } else {
              algebra.addProduct(1, difference, gram.transposed(), sum);
            }
          }
        }
      }
      return Optional.of(sum);
    }
  }

  /** None if no model has an input here. */
  private Optional<CholeskyFactor> factor(Matrices algebra, Matrix left, Measures found) {
    if (GramDiagonal.isZero(left)) {
      return Optional.empty();
    }
    CholeskyFactor factor = algebra.cholesky(left, ridge);
    found.take(RANK, GramDiagonal.share(factor, left));
    if (factor.escalations() > 0) {
      found.take(RAISED, factor.ridge() / GramDiagonal.mean(left));
    }
    return Optional.of(factor);
  }
}
