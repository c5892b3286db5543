package dev.stockpot.merge.evaluate;

/** Machines that run commands. */
@FunctionalInterface
public interface Cluster {
  /**
   * Who runs commands there.
   *
   * @param wantGpu whether each needs a GPU
   */
  Errands errands(boolean wantGpu);
}
