package dev.stockpot.kernels.device;

import dev.stockpot.kernels.block.Rows;

/** What a task has to observe whose kernels work on a device, which others may use too. */
public interface DeviceSharing {
  /**
   * Whether it pays to send so many elements to the device.
   *
   * @param rows how they are gone through
   */
  boolean pays(long elements, Rows rows);

  /** Elements of an input that should be at hand at once, if memory allows: whole reductions. */
  int chunkElements();

  /**
   * Waits until others have returned memory.
   *
   * @return whether a block that did not fit may be tried again as it is
   */
  boolean awaitMemory(OutOfDeviceMemoryException failure);

  /** Says that the device failed: nobody in this JVM uses it from now on. */
  void abandon(DeviceException failure);

  boolean isAbandoned();
}
