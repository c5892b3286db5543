package dev.stockpot.kernels.methods.spectral;

import dev.stockpot.kernels.matrix.Demand;
import dev.stockpot.kernels.matrix.Matrices;
import dev.stockpot.kernels.matrix.Matrix;
import dev.stockpot.kernels.matrix.Svd;

/**
 * Scales down the directions of a merged task vector in which it goes further than the ones that it
 * was merged of: {@code γᵣ = K / Σᵢ max(α, ⟨aᵣ, aᵣⁱ⟩ / ‖aᵣⁱ‖²)}, {@code aᵣ = uᵣᵀ Δ}, {@code aᵣⁱ =
 * uᵣᵀ δᵢ}. A task vector that has nothing in a direction counts as α.
 */
record Calibration(double alpha) implements SpectrumRule {
  @Override
  public Demand demand(MatrixForm form, int models) {
    Demand product = Demand.product(form.least(), form.columns(), form.rows());
    return SpectralRule.one(form).and(product).times(models);
  }

  @Override
  public double[] values(Svd svd, TaskMatrices tasks) {
    Matrices algebra = tasks.algebra();
    double[] values = svd.values();
    double[] sums = new double[values.length];
    for (int model = 0; model < tasks.size(); model++) {
      try (Matrix task = tasks.task(model);
          Matrix along = algebra.multiply(svd.left(), task)) {
        for (int r = 0; r < values.length; r++) {
          Matrix own = along.window(r, 0, 1, along.columns());
          Matrix common = svd.right().window(r, 0, 1, along.columns());
          double square = algebra.inner(own, own);
          double ratio = square == 0 ? 0 : values[r] * algebra.inner(common, own) / square;
          sums[r] += Math.max(alpha, ratio);
        }
      }
    }
    for (int r = 0; r < values.length; r++) {
      values[r] *= tasks.size() / sums[r];
    }
    return values;
  }
}
