package dev.stockpot.merge.part;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts one task's time and bytes. On the task's thread each reading of the clock ends one phase
 * and begins the next; what other threads read for it is counted beside.
 */
final class Stopwatch {
  private final AtomicLong reading = new AtomicLong();
  private final AtomicLong bytesRead = new AtomicLong();
  private long last = System.nanoTime();
  private long waiting;
  private long merging;
  private long writing;
  private long bytesWritten;

  /** Bytes that were read on any thread, since that moment. */
  void read(long bytes, long since) {
    reading.addAndGet(System.nanoTime() - since);
    bytesRead.addAndGet(bytes);
  }

  void waited() {
    waiting += lap();
  }

  void merged() {
    merging += lap();
  }

  void wrote(long bytes) {
    writing += lap();
    bytesWritten += bytes;
  }

  private long lap() {
    long now = System.nanoTime();
    long lap = now - last;
    last = now;
    return lap;
  }

  PartTimes times() {
    return new PartTimes(reading.get(), waiting, merging, writing, bytesRead.get(), bytesWritten);
  }
}
