package dev.stockpot.kernels.matrix;

import static java.util.Objects.requireNonNull;

/**
 * {@code A + ridge I = L Lᵀ}.
 *
 * @param lower L, n x n, with zeros above its diagonal
 * @param ridge what was added to the diagonal of A, in the units of A
 * @param escalations how often the ridge was multiplied by ten until A could be factored
 */
public record CholeskyFactor(Matrix lower, double ridge, int escalations) implements AutoCloseable {
  public CholeskyFactor {
    requireNonNull(lower, "lower is null");
  }

  @Override
  public void close() {
    lower.close();
  }
}
