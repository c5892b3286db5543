package dev.stockpot.kernels.methods.spectral;

import dev.stockpot.kernels.matrix.Demand;
import dev.stockpot.kernels.matrix.Svd;

/**
 * Raises small singular values to the first at which the running share of their sum reaches {@code
 * beta}: a sum of task vectors leaves most of it to few directions.
 */
record Boosting(double beta) implements SpectrumRule {
  @Override
  public Demand demand(MatrixForm form, int models) {
    return Demand.NONE;
  }

  @Override
  public double[] values(Svd svd, TaskMatrices tasks) {
    double[] values = svd.values();
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    double share = 0;
    for (int k = 0; k < values.length && sum > 0; k++) {
      share += values[k];
      if (share >= beta * sum) {
        for (int j = k + 1; j < values.length; j++) {
          values[j] = values[k];
        }
        return values;
      }
    }
    return values;
  }
}
