package dev.stockpot.kernels.methods.statistics;

import dev.stockpot.kernels.matrix.Demand;
import dev.stockpot.kernels.matrix.Matrices;
import dev.stockpot.kernels.matrix.Matrix;
import dev.stockpot.kernels.method.WholeTensor;
import java.util.List;
import java.util.Optional;

/**
 * Gram matrices as a solution needs them: {@code Cᵢ}, of which {@code Σ (Wᵢ−R) Cᵢ = Σ (Wᵢ−R) gᵢGᵢ},
 * and their sum {@code S = Σ gᵢGᵢ}. Around the mean, where {@code Σ wᵢ (Wᵢ−R)} is zero, one model k
 * is spared: {@code Cᵢ = gᵢGᵢ − wᵢ/wₖ gₖGₖ} of the others. Else {@code Cᵢ = gᵢGᵢ}.
 */
final class RegMeanGrams implements AutoCloseable {
  /** Rows that are read at once. */
  private static final int PANEL = 512;

  private final RegMeanTerms terms;
  private final List<WholeTensor> inputs;
  private final double alpha;
  private final Matrices algebra;
  private final Optional<Matrix> sparedRows;

  /**
   * Those of a tensor.
   *
   * @param alpha factor on what is off the diagonals
   */
  RegMeanGrams(RegMeanTerms terms, List<WholeTensor> inputs, double alpha, Matrices algebra) {
    this.terms = terms;
    this.inputs = inputs;
    this.alpha = alpha;
    this.algebra = algebra;
    sparedRows = terms.spared().map(spared -> algebra.zeros(panel(terms), terms.inputs()));
  }

  /** Most rows that are read at once. */
  static int panel(RegMeanTerms terms) {
    return Math.min(PANEL, terms.inputs());
  }

  /** What it works with. */
  static Demand demand(RegMeanTerms terms) {
    return terms.spared().isPresent()
        ? Demand.matrix(panel(terms), terms.inputs())
        : new Demand(0, 0);
  }

  /**
   * Reads rows of {@code Cᵢ}, from {@code first} on.
   *
   * @param sum takes what the model adds to S, and with the first of those that are not spared what
   *     the spared one does
   */
  void read(RegMeanTerms.Model model, int first, Matrix rows, Optional<Matrix> sum) {
    gram(model).read(first, rows);
    Optional<Matrix> sums = sum.map(s -> s.window(first, 0, rows.rows(), terms.inputs()));
    sums.ifPresent(s -> algebra.addScaled(1, rows, s));
    if (sparedRows.isPresent()) {
      RegMeanTerms.Model spared = terms.spared().orElseThrow();
      Matrix others = sparedRows.get().window(0, 0, rows.rows(), terms.inputs());
      gram(spared).read(first, others);
      if (model.equals(terms.others().get(0))) {
        sums.ifPresent(s -> algebra.addScaled(1, others, s));
      }
      algebra.addScaled(-model.weight() / spared.weight(), others, rows);
    }
  }

  /** Reads all of {@code Cᵢ}. */
  void readAll(RegMeanTerms.Model model, Matrix into, Optional<Matrix> sum) {
    for (int first = 0; first < terms.inputs(); first += PANEL) {
      int count = Math.min(PANEL, terms.inputs() - first);
      read(model, first, into.window(first, 0, count, terms.inputs()), sum);
    }
  }

  private GramRows gram(RegMeanTerms.Model model) {
    return new GramRows(inputs.get(model.statistic()), terms.inputs(), alpha, model.factor());
  }

  @Override
  public void close() {
    sparedRows.ifPresent(Matrix::close);
  }
}
