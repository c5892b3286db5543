package dev.stockpot.kernels.methods.spectral;

import dev.stockpot.kernels.matrix.Demand;
import dev.stockpot.kernels.matrix.Matrices;
import dev.stockpot.kernels.matrix.Matrix;
import dev.stockpot.kernels.matrix.Svd;
import dev.stockpot.kernels.random.RandomStream;

/**
 * The directions that the sum of the task vectors has most of, and of each task vector those that
 * it has most of beside these; all orthonormal, and with equal singular values.
 *
 * @param fraction of all directions that are of the sum
 * @param draws what the search for the largest begins with
 */
record CommonAndTasks(double fraction, RandomStream draws) implements SpectralRule {
  /** Directions of each task vector alone. */
  private int ofTask(MatrixForm form, int models) {
    int common = (int) (form.least() * fraction);
    return Math.min(
        (int) Math.rint((form.least() - common) / (double) models), form.least() / models);
  }

  @Override
  public Demand demand(MatrixForm form, int models) {
    int own = ofTask(form, models);
    int common = form.least() - own * models;
    Demand one = SpectralRule.one(form);
    Demand joined = Demand.matrix(form.least(), (long) form.rows() + form.columns());
    Demand first =
        SpectralRule.sum(form, models).then(one.and(Demand.svd(form.rows(), form.columns())));
    Demand projection = Demand.product(common, form.columns(), form.rows());
    Demand each =
        one.and(projection.then(Demand.largest(form.rows(), form.columns(), Math.max(1, own))));
    Demand vectors = Demand.matrix(common, form.rows());
    return joined
        .and(first.then(vectors.and(each.times(models))))
        .then(JoinedSubspaces.demand(form, form.least()));
  }

  @Override
  public Matrix merge(TaskMatrices tasks) {
    Matrices algebra = tasks.algebra();
    int own = ofTask(tasks.form(), tasks.size());
    int common = tasks.form().least() - own * tasks.size();
    try (JoinedSubspaces joined =
        new JoinedSubspaces(algebra, tasks.form(), tasks.form().least())) {
      Matrix directions;
      try (Matrix sum = tasks.sum();
          Svd svd = algebra.svd(sum)) {
        joined.add(svd, common);
        directions =
            common == 0 ? null : algebra.copy(svd.left().window(0, 0, common, tasks.form().rows()));
      }
      for (int model = 0; model < tasks.size() && own > 0; model++) {
        try (Matrix task = tasks.task(model)) {
          if (directions != null) {
            try (Matrix inside = algebra.multiply(directions, task)) {
              algebra.addProduct(-1, directions.transposed(), inside, task);
            }
          }
          try (Svd svd = algebra.largest(task, own, draws)) {
            joined.add(svd, own);
          }
        }
      }
      if (directions != null) {
        directions.close();
      }
      joined.flatten();
      return joined.product();
    }
  }
}
