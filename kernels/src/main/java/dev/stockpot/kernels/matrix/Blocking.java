package dev.stockpot.kernels.matrix;

import dev.stockpot.kernels.MatrixKernels;

/**
 * How a product is cut, which is a matter of speed alone: deep panels have c read and written less.
 *
 * @param rows of a that are packed at once
 * @param depth terms of each sum that are packed at once
 * @param columns of b that are packed at once
 */
record Blocking(int rows, int depth, int columns) {
  /** A panel of b stays in the second cache: in turns, on a core with 48 KB and 2 MB. */
  static final Blocking DEFAULT = new Blocking(2_048, 512, 240);

  /**
   * Narrow tiles read so little of b at a time that the third cache serves it, and long rows of c
   * are read ahead by the machine: in turns, on a core with 32 KB, 512 KB and 32 MB.
   */
  private static final Blocking LONG_ROWS = new Blocking(2_048, 512, 1_024);

  private static final int NARROW = 8;

  Blocking {
    if (rows < 1 || depth < 1 || columns < 1) {
      throw new IllegalArgumentException(
          "panels of %s, %s and %s, must be at least 1".formatted(rows, depth, columns));
    }
  }

  /** The fastest that we know for these tiles. */
  static Blocking of(MatrixKernels kernels) {
    return kernels.tileColumns() <= NARROW ? LONG_ROWS : DEFAULT;
  }
}
