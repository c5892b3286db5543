package dev.stockpot.merge.engine;

import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;

/**
 * The root of this JVM's Arrow memory. Each task has a child with a limit and must return all of
 * it.
 */
final class ExecutorMemory {
  private static final BufferAllocator ROOT = root(new KeptMemory());

  private ExecutorMemory() {}

  static BufferAllocator root(KeptMemory memory) {
    return new RootAllocator(
        RootAllocator.configBuilder()
            .allocationManagerFactory(memory)
            .listener(memory)
            .roundingPolicy(KeptMemory.ROUNDING)
            .build());
  }

  static BufferAllocator forTask(String name, long bytes) {
    return ROOT.newChildAllocator(name, 0, bytes);
  }
}
