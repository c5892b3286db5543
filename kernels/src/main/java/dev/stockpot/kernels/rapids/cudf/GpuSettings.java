package dev.stockpot.kernels.rapids.cudf;

import java.io.Serializable;

/**
 * How a JVM uses its GPU.
 *
 * @param tasks that may be on the GPU at once: while one computes, another copies
 * @param pinnedBytes of page-locked host memory to take, where nobody else in this JVM did
 */
public record GpuSettings(int tasks, long pinnedBytes) implements Serializable {
  public static final GpuSettings DEFAULT = new GpuSettings(2, 0);

  public GpuSettings {
    if (tasks < 1 || pinnedBytes < 0) {
      throw new IllegalArgumentException(
          "%s tasks at once with %s pinned bytes".formatted(tasks, pinnedBytes));
    }
  }
}
