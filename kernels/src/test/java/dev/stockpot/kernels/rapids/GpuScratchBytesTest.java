package dev.stockpot.kernels.rapids;

import ai.rapids.cudf.Rmm;
import dev.stockpot.kernels.rapids.cudf.Gpu;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/** What cudf takes from its pool, temporary memory of its own operations among it. */
@Tag("gpu")
class GpuScratchBytesTest extends ScratchBytesContract {
  @BeforeAll
  static void requireGpu() {
    Gpu.require();
  }

  @Override
  protected int count() {
    return 1 << 16;
  }

  @Override
  protected Opened open() {
    RapidsKernels kernels = new RapidsKernels(Gpu.device(), 0, 0, 0, () -> {});
    long before = Rmm.getTotalBytesAllocated();
    Rmm.resetScopedMaximumBytesAllocated();
    return new Opened(
        kernels,
        new Memory() {
          @Override
          public long inUse() {
            return Rmm.getTotalBytesAllocated() - before;
          }

          @Override
          public long peak() {
            return Rmm.getScopedMaximumBytesAllocated(); // counted from where it was reset
          }
        });
  }
}
