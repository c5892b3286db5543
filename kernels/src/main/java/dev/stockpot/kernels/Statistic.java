package dev.stockpot.kernels;

import java.io.Serializable;

/**
 * A small value found by scanning a slice. Values of consecutive slices add up to that of the whole
 * tensor.
 */
public interface Statistic extends Serializable {
  /**
   * This one and that of the slice that follows.
   *
   * @throws IllegalArgumentException if the two are of different kinds
   */
  Statistic plus(Statistic next);
}
