package dev.stockpot.kernels;

import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;

/**
 * Where the bytes of operands lie in the host's memory: a device copies some kinds of it faster.
 */
@FunctionalInterface
public interface HostMemory {
  /** Memory as Arrow allocates it. */
  HostMemory PLAIN = BufferAllocator::buffer;

  /**
   * A buffer that counts against the allocator's limit.
   *
   * @throws org.apache.arrow.memory.OutOfMemoryException if the limit is reached
   */
  ArrowBuf buffer(BufferAllocator allocator, long bytes);
}
