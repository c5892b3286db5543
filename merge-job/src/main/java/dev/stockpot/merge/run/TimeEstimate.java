package dev.stockpot.merge.run;

import dev.stockpot.kernels.method.Cost;
import dev.stockpot.merge.plan.MergePlan;
import dev.stockpot.merge.plan.PartTask;
import dev.stockpot.merge.plan.SliceTask;

/**
 * About how long executors would take: as long as the slowest of reading, computing and writing,
 * which run at the same time. Starting up, uneven tasks and a slow store come on top.
 *
 * @param bytesRead by merge and scans
 * @param coreSeconds of one core that does all the computing
 */
public record TimeEstimate(long bytesRead, long bytesWritten, double coreSeconds) {
  /** 10 Gbit/s, in each direction. */
  public static final double NETWORK_BYTES_PER_SECOND = 1.25e9;

  public static final int CORES = 8;

  /** Of one core: half of what benchmarks of matrices gave. */
  private static final double OPERATIONS_PER_SECOND = 4e10;

  /** What slows a merge down most. */
  public enum Limit {
    NETWORK,
    COMPUTING
  }

  /** The estimate for a plan. A scan counts once, though some methods scan again. */
  static TimeEstimate of(MergePlan plan, Cost cost) {
    long merged = 0;
    double operations = 0;
    for (PartTask part : plan.parts()) {
      for (SliceTask slice : part.slices()) {
        merged += slice.work().readsNumbers() ? slice.bytesRead() : 0;
        operations += slice.work().operations();
      }
    }
    long scanned = plan.scanPlan().bytesRead();
    return new TimeEstimate(
        plan.bytesRead() + scanned,
        plan.bytesWritten(),
        (merged + scanned) / cost.bytesPerSecond() + operations / OPERATIONS_PER_SECOND);
  }

  /** With so many executors. */
  public double seconds(int executors) {
    return Math.max(network(executors), computing(executors));
  }

  /** What limits so many executors. */
  public Limit limit(int executors) {
    return network(executors) >= computing(executors) ? Limit.NETWORK : Limit.COMPUTING;
  }

  private double network(int executors) {
    return Math.max(bytesRead, bytesWritten) / NETWORK_BYTES_PER_SECOND / executors;
  }

  private double computing(int executors) {
    return coreSeconds / CORES / executors;
  }
}
