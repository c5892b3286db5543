package dev.stockpot.kernels.scalar;

import dev.stockpot.kernels.KernelProvider;
import dev.stockpot.kernels.StoringContract;

class ScalarStoringTest extends StoringContract {
  @Override
  protected KernelProvider provider() {
    return new ScalarProvider();
  }
}
