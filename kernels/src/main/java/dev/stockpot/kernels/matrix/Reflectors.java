package dev.stockpot.kernels.matrix;

import static java.util.Objects.requireNonNull;

/**
 * A product of Householder reflections, {@code I - V T Vᵀ} (Schreiber and Van Loan, 1989).
 *
 * @param v m x w: zero above its diagonal, which is one
 * @param t w x w: zero below its diagonal
 */
record Reflectors(Matrix v, Matrix t) implements AutoCloseable {
  Reflectors {
    requireNonNull(v, "v is null");
    requireNonNull(t, "t is null");
  }

  @Override
  public void close() {
    v.close();
    t.close();
  }
}
