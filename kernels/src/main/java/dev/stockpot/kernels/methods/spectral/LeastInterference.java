package dev.stockpot.kernels.methods.spectral;

import dev.stockpot.kernels.matrix.CholeskyFactor;
import dev.stockpot.kernels.matrix.Demand;
import dev.stockpot.kernels.matrix.Matrices;
import dev.stockpot.kernels.matrix.Matrix;

/**
 * The T with the least {@code Σ ‖(T − δᵢ) δᵢᵀ‖² / ‖δᵢ‖²}: the rows of a task vector stand for the
 * inputs of its matrix, which nobody has to know. {@code T (A + ρ tr(A)/n I) = Σ δᵢGᵢ, A = Σ Gᵢ}.
 *
 * @param ridge ρ
 * @param center whether the mean row is taken from the rows
 * @param byTrace whether each G is divided by its trace, rather than by the square of the norm
 * @param prior factor on the mean of all G that is added to each
 */
record LeastInterference(double ridge, boolean center, boolean byTrace, double prior)
    implements SpectralRule {
  @Override
  public Demand demand(MatrixForm form, int models) {
    Demand one = SpectralRule.one(form);
    Demand gram = Demand.gram(form.rows(), form.columns());
    Demand product = Demand.product(form.rows(), form.columns(), form.columns());
    Demand sums =
        one.each(prior > 0 ? 3 : 2)
            .and(gram.each(2))
            .and(new Demand(0, 2.0 * models * product.operations()));
    Demand factor = one.and(gram).and(Demand.cholesky(form.columns()));
    Demand solution = one.each(2).and(gram).and(Demand.solve(form.columns(), form.rows()));
    return sums.then(factor).then(solution);
  }

  @Override
  public Matrix merge(TaskMatrices tasks) {
    Matrices algebra = tasks.algebra();
    MatrixForm form = tasks.form();
    Matrix right = algebra.zeros(form.rows(), form.columns());
    CholeskyFactor factor;
    try (Matrix left = algebra.zeros(form.columns(), form.columns())) {
      for (int model = 0; model < tasks.size(); model++) {
        try (Matrix task = tasks.task(model);
            Matrix gram = gram(algebra, task)) {
          algebra.addScaled(1, gram, left);
          algebra.addProduct(1, task, gram, right);
        }
      }
      if (prior > 0) {
        addPrior(tasks, left, right);
      }
      if (algebra.norm(left) == 0) { // nobody changed anything
        return right;
      }
      factor = algebra.cholesky(left, ridge);
    }
    try (factor;
        right;
        Matrix solved = algebra.solve(factor, right.transposed())) {
      return algebra.copy(solved.transposed());
    }
  }

  /**
   * {@code Gᵢ + ρ Ḡ} for each: {@code A} grows by a factor, and the right side by {@code Σδᵢ Ḡ}.
   */
  private void addPrior(TaskMatrices tasks, Matrix left, Matrix right) {
    double share = prior / tasks.size();
    try (Matrix sum = tasks.sum()) {
      for (int i = 0; i < sum.rows(); i++) {
        double[] row = new double[sum.columns()];
        sum.read(i, 0, row, 0, row.length);
        for (int j = 0; j < row.length; j++) {
          row[j] *= share;
        }
        sum.write(i, 0, row, 0, row.length);
      }
      tasks.algebra().addProduct(1, sum, left, right);
    }
    try (Matrix copy = tasks.algebra().copy(left)) {
      tasks.algebra().addScaled(prior, copy, left);
    }
  }

  /** Of the rows of a task vector, scaled. */
  private Matrix gram(Matrices algebra, Matrix task) {
    double norm = algebra.norm(task);
    Matrix gram = algebra.gram(task);
    if (norm == 0) {
      return gram;
    }
    if (center) {
      takeMean(task, gram);
    }
    double trace = 0;
    for (int i = 0; i < gram.rows(); i++) {
      trace += gram.at(i, i);
    }
    double divisor = byTrace ? trace : norm * norm;
    scale(gram, divisor > 0 ? 1 / divisor : 0);
    return gram;
  }

  /** {@code G − m μ μᵀ}, μ being the mean of m rows. */
  private static void takeMean(Matrix task, Matrix gram) {
    int n = task.columns();
    double[] mean = new double[n];
    double[] row = new double[n];
    for (int i = 0; i < task.rows(); i++) {
      task.read(i, 0, row, 0, n);
      for (int j = 0; j < n; j++) {
        mean[j] += row[j] / task.rows();
      }
    }
    for (int i = 0; i < n; i++) {
      gram.read(i, 0, row, 0, n);
      for (int j = 0; j < n; j++) {
        row[j] -= task.rows() * mean[i] * mean[j];
      }
      gram.write(i, 0, row, 0, n);
    }
  }

  private static void scale(Matrix matrix, double factor) {
    double[] row = new double[matrix.columns()];
    for (int i = 0; i < matrix.rows(); i++) {
      matrix.read(i, 0, row, 0, row.length);
      for (int j = 0; j < row.length; j++) {
        row[j] *= factor;
      }
      matrix.write(i, 0, row, 0, row.length);
    }
  }
}
