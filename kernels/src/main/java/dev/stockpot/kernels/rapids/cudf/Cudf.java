package dev.stockpot.kernels.rapids.cudf;

import ai.rapids.cudf.Cuda;
import ai.rapids.cudf.CudaException;
import ai.rapids.cudf.NativeDepsLoader;
import java.util.Locale;

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
    try {
      return Cuda.getDeviceCount();
    } catch (CudaException e) {
      if (e.getCudaError() == CudaException.CudaError.cudaErrorNoDevice) {
        return 0;
      }
      throw e;
    }
  }

  @Override
  public int computeCapability(int device) {
    Cuda.setDevice(device);
    return 10 * Cuda.getComputeCapabilityMajor() + Cuda.getComputeCapabilityMinor();
  }

  /** The GPU, its memory and the driver. */
  static String describe(int device) {
    Cuda.setDevice(device);
    int driver = Cuda.getDriverVersion();
    return String.format(
        Locale.ROOT,
        "GPU %s, compute capability %s.%s, %.0f of %.0f GB free, driver for CUDA %s.%s",
        device,
        Cuda.getComputeCapabilityMajor(),
        Cuda.getComputeCapabilityMinor(),
        Cuda.memGetInfo().free / 1e9,
        Cuda.memGetInfo().total / 1e9,
        driver / 1000,
        driver % 1000 / 10);
  }
}
