package dev.stockpot.kernels.methods;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Sizes of tensors. */
public final class Sizes {
  public static final List<Integer> AROUND_BLOCKS_AND_LANES =
      List.of(1, 2, 7, 15, 16, 17, 31, 33, 1_000, 2_047, 2_048, 2_049, 4_100);

  /** Lengths of rows: around lanes, longer than a usual block, longer than a thousand lanes. */
  private static final int[] ROWS = {1, 7, 16, 17, 2_049, 70_001};

  private Sizes() {}

  public static IntStream rows() {
    return Arrays.stream(ROWS);
  }
}
