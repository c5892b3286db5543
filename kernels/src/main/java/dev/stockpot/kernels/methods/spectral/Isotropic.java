package dev.stockpot.kernels.methods.spectral;

import dev.stockpot.kernels.matrix.Demand;
import dev.stockpot.kernels.matrix.Matrices;
import dev.stockpot.kernels.matrix.Matrix;
import java.util.List;

/**
 * The sum of the task vectors with all singular values made equal to their mean. Of a matrix of low
 * rank only those directions that it has: others would be arbitrary.
 */
record Isotropic() implements SpectralRule {
  @Override
  public Demand demand(MatrixForm form, int models) {
    Demand polar = Demand.polar(form.rows(), form.columns());
    Demand scaled = SpectralRule.one(form).each(2);
    return SpectralRule.sum(form, models).then(SpectralRule.one(form).and(polar.then(scaled)));
  }

  @Override
  public Matrix merge(TaskMatrices tasks) {
    Matrices algebra = tasks.algebra();
    try (Matrix sum = tasks.sum();
        Matrix polar = algebra.polar(sum)) {
      double norm = algebra.norm(polar);
      // each direction counts one, and those that are not there none
      double rank = Math.rint(norm * norm);
      // the sum of singular values is that of products with the polar factor
      double mean = rank == 0 ? 0 : algebra.inner(polar, sum) / rank;
      return algebra.weightedSum(List.of(polar), mean);
    }
  }
}
