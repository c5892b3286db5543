package dev.stockpot.kernels.matrix;

import static java.util.Objects.requireNonNull;

/**
 * {@code A = Q R} of an m x n matrix, k being the smaller of m and n.
 *
 * @param q m x k, with orthonormal columns
 * @param r k x n, zero below its diagonal, whose elements may be negative
 */
public record Qr(Matrix q, Matrix r) implements AutoCloseable {
  public Qr {
    requireNonNull(q, "q is null");
    requireNonNull(r, "r is null");
  }

  @Override
  public void close() {
    q.close();
    r.close();
  }
}
