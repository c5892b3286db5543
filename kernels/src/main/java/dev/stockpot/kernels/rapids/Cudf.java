package dev.stockpot.kernels.rapids;

import ai.rapids.cudf.Cuda;
import ai.rapids.cudf.NativeDepsLoader;

/** cudf as it answers the probe. */
final class Cudf implements DeviceProbe.Library {
  @Override
  public boolean isLoaded() {
    return NativeDepsLoader.libraryLoaded();
  }

  @Override
  public int driverVersion() {
    return Cuda.getDriverVersion();
  }

  @Override
  public int runtimeVersion() {
    return Cuda.getRuntimeVersion();
  }

  @Override
  public int deviceCount() {
    return Cuda.getDeviceCount();
  }

  @Override
  public int computeCapability(int device) {
    Cuda.setDevice(device);
    return 10 * Cuda.getComputeCapabilityMajor() + Cuda.getComputeCapabilityMinor();
  }
}
