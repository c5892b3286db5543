package dev.stockpot.kernels.rapids.cudf;

import ai.rapids.cudf.Scalar;
import dev.stockpot.kernels.rapids.Literal;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Numbers as cudf has them, in the device's memory. Making one makes the host wait for the device,
 * so those last used are kept; the others are closed, as each tensor may bring numbers of its own.
 */
final class CudfScalars implements AutoCloseable {
  private static final int MOST = 64;

  private final Map<Literal, Scalar> byLiteral =
      new LinkedHashMap<>(2 * MOST, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Literal, Scalar> eldest) {
          if (size() > MOST) {
            eldest.getValue().close();
            return true;
          }
          return false;
        }
      };

  /** Stays open until {@link #MOST} others have been asked for. */
  Scalar of(Literal literal) {
    return byLiteral.computeIfAbsent(literal, CudfTypes::scalar);
  }

  @Override
  public void close() {
    byLiteral.values().forEach(Scalar::close);
    byLiteral.clear();
  }
}
