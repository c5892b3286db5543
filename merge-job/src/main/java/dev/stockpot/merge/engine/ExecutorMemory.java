package dev.stockpot.merge.engine;

import org.apache.arrow.memory.AllocationListener;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.memory.rounding.SegmentRoundingPolicy;

/**
 * The root of this JVM's Arrow memory. Each task has a child with a limit and must return all of
 * it.
 */
final class ExecutorMemory {
  /** Buffers are as large as asked for, not rounded up to a power of two. */
  private static final long SEGMENT_BYTES = 4096;

  private static final BufferAllocator ROOT =
      new RootAllocator(
          AllocationListener.NOOP, Long.MAX_VALUE, new SegmentRoundingPolicy(SEGMENT_BYTES));

  private ExecutorMemory() {}

  static BufferAllocator forTask(String name, long bytes) {
    return ROOT.newChildAllocator(name, 0, bytes);
  }
}
