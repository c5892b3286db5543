package dev.stockpot.kernels.method;

import java.util.Arrays;
import java.util.stream.IntStream;

/** Sizes of tensors. */
final class Sizes {
  static final int[] AROUND_BLOCKS_AND_LANES = {
    1, 2, 7, 15, 16, 17, 31, 33, 1_000, 2_047, 2_048, 2_049, 4_100
  };

  /** Lengths of rows: around lanes, longer than a usual block, longer than a thousand lanes. */
  private static final int[] ROWS = {1, 7, 16, 17, 2_049, 70_001};

  private Sizes() {}

  static IntStream rows() {
    return Arrays.stream(ROWS);
  }
}
