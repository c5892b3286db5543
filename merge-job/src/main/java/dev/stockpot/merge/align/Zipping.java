package dev.stockpot.merge.align;

import java.io.Serializable;

/**
 * How units of two models are joined, rather than put in order.
 *
 * @param alpha how much less alike joined features are to others; 0 where none are joined
 * @param beta share of the units to be removed that may go within a model
 */
public record Zipping(double alpha, double beta) implements Serializable {
  /** Units are put in order. */
  public static final Zipping NONE = new Zipping(0, 0);

  public Zipping {
    if (!(alpha >= 0 && alpha <= 1 && beta >= 0 && beta <= 1)) {
      throw new IllegalArgumentException("alpha %s, beta %s".formatted(alpha, beta));
    }
  }

  /** Whether units are joined. */
  public boolean isWanted() {
    return alpha > 0;
  }
}
