package dev.stockpot.kernels.matrix;

/**
 * How a product is cut, which is a matter of speed alone. In turns, on a core with 48 KB and 2 MB
 * of cache: a panel of b stays in the second; deep ones are read and written less of c.
 *
 * @param rows of a that are packed at once
 * @param depth terms of each sum that are packed at once
 * @param columns of b that are packed at once
 */
record Blocking(int rows, int depth, int columns) {
  static final Blocking DEFAULT = new Blocking(2_048, 512, 240);

  Blocking {
    if (rows < 1 || depth < 1 || columns < 1) {
      throw new IllegalArgumentException(
          "panels of %s, %s and %s, must be at least 1".formatted(rows, depth, columns));
    }
  }
}
