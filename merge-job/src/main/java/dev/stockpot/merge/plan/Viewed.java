package dev.stockpot.merge.plan;

import java.io.Serializable;

/**
 * The inputs of a whole tensor that have its shape, element by element, so that what is made can be
 * compared with them.
 *
 * @param models how many: the first inputs
 * @param origin the one that the method starts from, or {@link Blockwise#NO_ORIGIN}
 */
public record Viewed(int models, int origin) implements Serializable {
  /** None: nothing can be said of what is made but what it is. */
  public static final Viewed NONE = new Viewed(0, Blockwise.NO_ORIGIN);

  public Viewed {
    if (origin < Blockwise.NO_ORIGIN || origin >= models) {
      throw new IllegalArgumentException("origin %s of %s models".formatted(origin, models));
    }
  }

  public boolean hasOrigin() {
    return origin != Blockwise.NO_ORIGIN;
  }
}
