package dev.stockpot.kernels.rapids;

import dev.stockpot.kernels.KernelProvider;
import dev.stockpot.kernels.KernelsContract;
import dev.stockpot.kernels.rapids.cudf.Gpu;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/** The contract on a GPU, with RAPIDS. */
@Tag("gpu")
class GpuKernelsTest extends KernelsContract {
  @BeforeAll
  static void requireGpu() {
    Gpu.require();
  }

  @Override
  protected KernelProvider provider() {
    return Gpu.provider();
  }
}
