package dev.stockpot.kernels.rapids.cudf;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.stockpot.kernels.rapids.Device;
import dev.stockpot.kernels.rapids.PinnedMemory;
import dev.stockpot.kernels.rapids.RapidsProvider;
import java.util.Optional;

/** The GPU of this machine, for tests tagged {@code gpu}; without one they are skipped. */
public final class Gpu {
  /** One for all tests: a JVM sets up a GPU once. */
  private static final RapidsProvider PROVIDER =
      CudfProvider.of(new GpuSettings(2, 1L << 30), GpuTask.NONE);

  private Gpu() {}

  public static void require() {
    Optional<String> obstacle = PROVIDER.obstacle();
    assumeTrue(
        obstacle.isEmpty(), () -> "skipped, as it needs a GPU, but " + obstacle.orElseThrow());
  }

  public static RapidsProvider provider() {
    return PROVIDER;
  }

  /** Operations of cudf, once the GPU is set up. */
  public static Device device() {
    PROVIDER.open().close();
    return device(new PinnedMemory(CudfMemory::tryAllocatePinned));
  }

  /** Such operations, which copy to and from that memory. */
  public static Device device(PinnedMemory pinned) {
    return new CudfDevice(pinned);
  }
}
