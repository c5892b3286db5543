package dev.stockpot.kernels.methods.spectral;

import dev.stockpot.kernels.matrix.Demand;
import dev.stockpot.kernels.matrix.Matrix;
import dev.stockpot.kernels.matrix.Svd;
import dev.stockpot.kernels.random.RandomStream;

/**
 * The largest singular values of each task vector, an equal share of all for each, on vectors that
 * are made orthonormal together: so tasks do not interfere.
 *
 * @param draws what the search for the largest begins with
 */
record TaskSingularVectors(RandomStream draws) implements SpectralRule {
  static int share(MatrixForm form, int models) {
    return Math.max(1, form.least() / models);
  }

  @Override
  public Demand demand(MatrixForm form, int models) {
    int share = share(form, models);
    Demand vectors = Demand.matrix((long) share * models, (long) form.rows() + form.columns());
    Demand each = SpectralRule.one(form).and(Demand.largest(form.rows(), form.columns(), share));
    return vectors.and(each.times(models)).then(JoinedSubspaces.demand(form, share * models));
  }

  @Override
  public Matrix merge(TaskMatrices tasks) {
    int share = share(tasks.form(), tasks.size());
    try (JoinedSubspaces joined =
        new JoinedSubspaces(tasks.algebra(), tasks.form(), share * tasks.size())) {
      for (int model = 0; model < tasks.size(); model++) {
        try (Matrix task = tasks.task(model);
            Svd svd = tasks.algebra().largest(task, share, draws)) {
          joined.add(svd, share);
        }
      }
      return joined.product();
    }
  }
}
