package dev.stockpot.kernels.vector;

import dev.stockpot.kernels.KernelProvider;
import dev.stockpot.kernels.StoringContract;

class VectorStoringTest extends StoringContract {
  @Override
  protected KernelProvider provider() {
    return new VectorProvider();
  }
}
