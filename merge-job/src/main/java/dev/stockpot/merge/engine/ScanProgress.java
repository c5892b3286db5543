package dev.stockpot.merge.engine;

/** Hears how far a scan is, on the thread that asked for it. */
@FunctionalInterface
public interface ScanProgress {
  /**
   * More is looked at. A method may want several scans: each begins at 0.
   *
   * @param bytes of inputs, so far
   * @param of how many there are to be
   */
  void scanned(long bytes, long of);
}
