package dev.stockpot.kernels.rapids;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Optional;

/** The GPU of this machine, for tests tagged {@code gpu}; without one they are skipped. */
final class Gpu {
  /** One for all tests: a JVM sets up a GPU once. */
  private static final RapidsProvider PROVIDER =
      new RapidsProvider(new GpuSettings(2, 1L << 30), GpuTask.NONE);

  private Gpu() {}

  static void require() {
    Optional<String> obstacle = PROVIDER.obstacle();
    assumeTrue(
        obstacle.isEmpty(), () -> "skipped, as it needs a GPU, but " + obstacle.orElseThrow());
  }

  static RapidsProvider provider() {
    return PROVIDER;
  }

  /** Operations of cudf, once the GPU is set up. */
  static Device device() {
    PROVIDER.open().close();
    return new CudfDevice(new PinnedMemory(CudfMemory::tryAllocatePinned));
  }
}
