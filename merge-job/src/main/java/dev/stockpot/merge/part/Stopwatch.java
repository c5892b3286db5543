package dev.stockpot.merge.part;

/**
 * Counts one task's time and bytes. Each reading of the clock ends one phase and begins the next.
 */
final class Stopwatch {
  private long last = System.nanoTime();
  private long reading;
  private long merging;
  private long writing;
  private long bytesRead;
  private long bytesWritten;

  void read(long bytes) {
    reading += lap();
    bytesRead += bytes;
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
    return new PartTimes(reading, merging, writing, bytesRead, bytesWritten);
  }
}
