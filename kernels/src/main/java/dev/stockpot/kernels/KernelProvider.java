package dev.stockpot.kernels;

import dev.stockpot.kernels.device.DeviceSharing;
import java.util.Optional;

/**
 * Somebody who can run the vector algebra: plain loops, SIMD lanes, a GPU. Has no state and
 * allocates nothing before kernels are opened.
 */
public interface KernelProvider {
  /** The word in settings and logs. */
  String name();

  /** Why it cannot run here, with the remedy; empty if it can. Never throws. */
  Optional<String> obstacle();

  /** What it runs on, for people; asked only where there is no obstacle. */
  String machine();

  /** Kernels for one task, to be used by one thread. */
  default Kernels<?> open() {
    return open(0);
  }

  /** Such kernels, whose blocks may have at least that many elements: those of a long row. */
  Kernels<?> open(int elements);

  /**
   * Such kernels for several passes over the same operands, which stay as they are until the
   * kernels are closed: a device keeps what it has loaded of them.
   *
   * @param operandBytes of all these operands together
   */
  default Kernels<?> openForPasses(int elements, long operandBytes) {
    return open(elements);
  }

  /** The inner loops of the matrix algebra, where it has its own. */
  default Optional<MatrixKernels> matrixKernels() {
    return Optional.empty();
  }

  /** Where operands should lie. */
  default HostMemory hostMemory() {
    return HostMemory.PLAIN;
  }

  /** What only a provider has to know that works on a device. */
  default Optional<DeviceSharing> device() {
    return Optional.empty();
  }
}
