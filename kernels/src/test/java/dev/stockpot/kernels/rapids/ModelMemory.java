package dev.stockpot.kernels.rapids;

import dev.stockpot.kernels.device.OutOfDeviceMemoryException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The memory of a {@link JavaDevice}, which counts what is allocated and moved, and can run out.
 */
final class ModelMemory {
  private final AtomicLong columns = new AtomicLong();
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicLong allocations = new AtomicLong();
  private final AtomicLong uploaded = new AtomicLong();
  private final AtomicLong moved = new AtomicLong();
  private final AtomicLong operations = new AtomicLong();
  private final AtomicLong waits = new AtomicLong();
  private long failAt = Long.MAX_VALUE;
  private long peak;

  /** The allocation of that number, from 0, and no other fails. */
  void failAt(long number) {
    failAt = number;
  }

  long columns() {
    return columns.get();
  }

  long bytes() {
    return bytes.get();
  }

  long allocations() {
    return allocations.get();
  }

  /** Bytes that were copied from operands. */
  long uploaded() {
    return uploaded.get();
  }

  void upload(long size) {
    uploaded.addAndGet(size);
  }

  /** Bytes that operations have read and written: what the memory's bandwidth limits. */
  long moved() {
    return moved.get();
  }

  /** Operations that a device would have started. */
  long operations() {
    return operations.get();
  }

  /** How often the host would have waited until all operations were done. */
  long waits() {
    return waits.get();
  }

  void await(int times) {
    waits.addAndGet(times);
  }

  void move(long size) {
    moved.addAndGet(size);
    operations.incrementAndGet();
  }

  void allocate(long size) {
    if (allocations.getAndIncrement() == failAt) {
      throw new OutOfDeviceMemoryException("%s bytes do not fit".formatted(size), false, null);
    }
    peak = Math.max(peak, bytes.addAndGet(size));
    columns.incrementAndGet();
  }

  void release(long size) {
    bytes.addAndGet(-size);
    columns.decrementAndGet();
  }

  /** The most bytes there were at once. */
  long peak() {
    return peak;
  }
}
