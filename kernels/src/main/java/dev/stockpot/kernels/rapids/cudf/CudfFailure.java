package dev.stockpot.kernels.rapids.cudf;

import ai.rapids.cudf.CudaException;
import ai.rapids.cudf.CudfException;
import dev.stockpot.kernels.device.DeviceException;
import dev.stockpot.kernels.device.OutOfDeviceMemoryException;
import java.util.function.Supplier;

/** Tells what went wrong on a device in the words of the kernels. */
final class CudfFailure {
  /** What cudf throws as an {@link OutOfMemoryError} if it is not the JVM's heap that is full. */
  private static final String NATIVE = "native memory";

  private CudfFailure() {}

  /** Runs an operation of cudf and translates its failures. */
  static <T> T translated(Supplier<T> operation) {
    try {
      return operation.get();
    } catch (OutOfMemoryError e) {
      if (String.valueOf(e.getMessage()).contains(NATIVE)) {
        throw new OutOfDeviceMemoryException(
            "The GPU's memory is full: " + e.getMessage(), false, e);
      }
      throw e;
    } catch (CudfException | CudaException e) {
      throw new DeviceException("The GPU failed: " + e.getMessage(), e);
    } catch (RuntimeException e) {
      if (RapidsPlugin.wantsRetry(e) || RapidsPlugin.wantsSplit(e)) {
        throw new OutOfDeviceMemoryException(
            "Spark's RAPIDS plugin asks to return memory: " + e.getMessage(),
            RapidsPlugin.wantsRetry(e),
            e);
      }
      throw e;
    }
  }
}
