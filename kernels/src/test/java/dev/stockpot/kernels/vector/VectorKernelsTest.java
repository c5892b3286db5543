package dev.stockpot.kernels.vector;

import dev.stockpot.kernels.KernelProvider;
import dev.stockpot.kernels.KernelsContract;

class VectorKernelsTest extends KernelsContract {
  @Override
  protected KernelProvider provider() {
    return new VectorProvider();
  }
}
