package dev.stockpot.merge.predict;

/**
 * Passes over all examples. Sums are added up in an order that hangs on the examples alone, so that
 * they are the same to the last bit whoever makes the pass.
 */
@FunctionalInterface
public interface Passes {
  /** The sums of one pass. */
  double[] over(RowSums sums);
}
