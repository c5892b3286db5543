package dev.stockpot.kernels.rapids;

/** Whoever lends the GPU to the tasks of this JVM: ourselves, or a plugin whose guests we are. */
public interface DeviceHost {
  /** Waits until the calling task may be on the GPU. */
  void acquire();

  void release();

  /** Bytes of the GPU's memory that one task may take. */
  long taskBytes();

  /** Operations for one task. */
  Device open();

  PinnedMemory pinned();

  /** Waits for memory; returns whether as much as before may be tried. */
  boolean awaitMemory();
}
