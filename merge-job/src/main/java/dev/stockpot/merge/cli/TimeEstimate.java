package dev.stockpot.merge.cli;

import dev.stockpot.merge.plan.MergePlan;
import dev.stockpot.merge.plan.PartTask;
import dev.stockpot.merge.plan.SliceTask;
import dev.stockpot.merge.plan.TensorWork;
import java.util.Set;

/**
 * About how long executors would take: as long as the slowest of reading, computing and writing,
 * which run at the same time. Starting up, uneven tasks and a slow store come on top.
 *
 * @param bytesRead by merge and scans
 * @param coreSeconds of one core that does all the computing
 */
record TimeEstimate(long bytesRead, long bytesWritten, double coreSeconds) {
  /** 10 Gbit/s, in each direction. */
  static final double NETWORK_BYTES_PER_SECOND = 1.25e9;

  static final int CORES = 8;

  /** Weighted sums: one pass over elements, measured at 4.9 to 6.4 GB/s of input per core. */
  private static final double SUM_BYTES_PER_SECOND = 3e9;

  /** Draws, thresholds and statistics: measured at 1.3 to 4.2 GB/s of input per core. */
  private static final double OTHER_BYTES_PER_SECOND = 0.7e9;

  private static final Set<String> SUMS =
      Set.of("linear", "uniform_soup", "checkpoint_average", "task_arithmetic");

  /** What slows a merge down most. */
  enum Limit {
    NETWORK,
    COMPUTING
  }

  /** The estimate for a plan. A scan counts once, though some methods scan again. */
  static TimeEstimate of(MergePlan plan, String method) {
    double rate = SUMS.contains(method) ? SUM_BYTES_PER_SECOND : OTHER_BYTES_PER_SECOND;
    long merged = 0;
    for (PartTask part : plan.parts()) {
      for (SliceTask slice : part.slices()) {
        merged += slice.work() instanceof TensorWork.Merge ? slice.bytesRead() : 0;
      }
    }
    long scanned =
        plan.scans().stream()
            .flatMap(tensor -> tensor.work().inputs().stream())
            .mapToLong(input -> input.bytes().length())
            .sum();
    return new TimeEstimate(
        plan.bytesRead() + scanned, plan.bytesWritten(), (merged + scanned) / rate);
  }

  double seconds(int executors) {
    return Math.max(network(executors), computing(executors));
  }

  Limit limit(int executors) {
    return network(executors) >= computing(executors) ? Limit.NETWORK : Limit.COMPUTING;
  }

  private double network(int executors) {
    return Math.max(bytesRead, bytesWritten) / NETWORK_BYTES_PER_SECOND / executors;
  }

  private double computing(int executors) {
    return coreSeconds / CORES / executors;
  }
}
