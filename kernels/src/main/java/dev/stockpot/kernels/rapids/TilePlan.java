package dev.stockpot.kernels.rapids;

import dev.stockpot.kernels.Block;

/** How many elements a device works on at once. */
final class TilePlan {
  /**
   * Above this, operations take so much longer than their start that more elements gain nothing.
   */
  static final int MOST_ELEMENTS = 64 * Block.REDUCTION_ELEMENTS;

  /** Below this, a device is slower than the host. */
  static final int LEAST_ELEMENTS = 1 << 16;

  /**
   * Bytes an element takes in the intermediate results of the operation that needs most, the
   * float64 sums.
   */
  static final int SCRATCH_BYTES = 40;

  private static final int VECTOR_BYTES = 4;

  private TilePlan() {}

  /**
   * Elements of a block: whole reduction blocks, or, where not one fits, a power of two.
   *
   * @param freeBytes of the device's memory, for this task
   * @param vectors that the program works with
   */
  static int elements(long freeBytes, int vectors) {
    long fitting = freeBytes / ((long) VECTOR_BYTES * vectors + SCRATCH_BYTES);
    if (fitting >= Block.REDUCTION_ELEMENTS) {
      long whole = fitting / Block.REDUCTION_ELEMENTS * Block.REDUCTION_ELEMENTS;
      return (int) Math.min(MOST_ELEMENTS, whole);
    }
    return Math.max(LEAST_ELEMENTS, Integer.highestOneBit((int) Math.max(1, fitting)));
  }
}
