package dev.stockpot.kernels.statistic;

import java.util.Arrays;
import java.util.function.IntToDoubleFunction;

/**
 * A float64 sum whose order of addition is part of its definition. Element {@code i} of a block
 * goes to lane {@code i mod 16}. A lane adds the elements of a run of 256, then the runs of a group
 * of 2048, then the groups, each in order and from zero; groups begin with the block. In the end,
 * lanes are added pairwise, and reduction blocks in the order of their place in the tensor.
 *
 * <p>So providers of any width that divides 16 give equal bits, and those that add many short runs
 * at once, as GPU columns do. What is missing at the end of a run counts as zero, which changes no
 * sum: a lane is never negative zero.
 */
public final class LaneSum {
  public static final int LANES = 16;

  /** Elements of a run. */
  public static final int RUN = 256;

  /** Elements of a group, the least that a provider's blocks are multiples of. */
  public static final int GROUP = 2048;

  private final double[] lanes = new double[LANES];
  private double[] finished = new double[0];

  /** The accumulators of groups, for a provider to add to in place. */
  public double[] lanes() {
    return lanes;
  }

  /** Adds the elements of a block. */
  public void add(int count, IntToDoubleFunction elements) {
    double[] group = new double[LANES];
    double[] run = new double[LANES];
    for (int i = 0; i < count; ) {
      Arrays.fill(group, 0);
      for (int groupEnd = Math.min(count, i + GROUP); i < groupEnd; ) {
        Arrays.fill(run, 0);
        for (int end = Math.min(count, i + RUN); i < end; i++) {
          run[i % LANES] += elements.applyAsDouble(i);
        }
        for (int lane = 0; lane < LANES; lane++) {
          group[lane] += run[lane];
        }
      }
      for (int lane = 0; lane < LANES; lane++) {
        lanes[lane] += group[lane];
      }
    }
  }

  /** The sum so far; the lanes are zero again afterwards. */
  public double take() {
    for (int width = LANES / 2; width > 0; width /= 2) {
      for (int i = 0; i < width; i++) {
        lanes[i] += lanes[i + width];
      }
    }
    double sum = lanes[0];
    Arrays.fill(lanes, 0);
    return sum;
  }

  /** Ends a reduction block: what is added from now on belongs to the next one. */
  public void next() {
    finished = Arrays.copyOf(finished, finished.length + 1);
    finished[finished.length - 1] = take();
  }

  /** The sums of all reduction blocks that were ended. */
  public double[] finished() {
    return finished.clone();
  }
}
