package dev.stockpot.kernels.rapids.cudf;

import dev.stockpot.kernels.rapids.DeviceHost;
import dev.stockpot.kernels.rapids.RapidsProvider;

/** Makes kernels for this machine's GPU. Nothing of RAPIDS is loaded before a GPU has been seen. */
public final class CudfProvider {
  private CudfProvider() {}

  /** The GPU that a task was given, or the first one. */
  public static RapidsProvider of(GpuSettings settings, GpuTask task) {
    return new RapidsProvider(
        () -> DeviceProbe.obstacle(new ThisMachine(), address(task)),
        new RapidsProvider.Starter() {
          @Override
          public DeviceHost start() {
            return CudfHost.start(settings, task);
          }

          @Override
          public String describe() {
            return Cudf.describe(address(task));
          }
        });
  }

  private static int address(GpuTask task) {
    return task.address().orElse(0);
  }
}
