package dev.stockpot.kernels.rapids;

import dev.stockpot.kernels.block.Block;

/** How many elements a device works on at once. */
final class TilePlan {
  /**
   * Above this, operations take so much longer than their start that more elements gain nothing.
   */
  static final int MOST_ELEMENTS = 64 * Block.REDUCTION_ELEMENTS;

  /**
   * Bytes an element takes in the intermediate results of the operation that needs most: random
   * rounding, with its lost updates counted. What cudf needs for a sort is less.
   */
  static final int SCRATCH_BYTES = 64;

  /** Of float32, and of the same in the order in which sums take them. */
  private static final int VECTOR_BYTES = 8;

  private TilePlan() {}

  /**
   * Elements of a block: whole reduction blocks, and at least one, which may turn out not to fit.
   *
   * @param freeBytes of the device's memory, for this task
   * @param vectors that the program works with
   */
  static int elements(long freeBytes, int vectors) {
    long fitting = freeBytes / ((long) VECTOR_BYTES * vectors + SCRATCH_BYTES);
    long whole = fitting / Block.REDUCTION_ELEMENTS * Block.REDUCTION_ELEMENTS;
    return (int) Math.max(Block.REDUCTION_ELEMENTS, Math.min(MOST_ELEMENTS, whole));
  }
}
