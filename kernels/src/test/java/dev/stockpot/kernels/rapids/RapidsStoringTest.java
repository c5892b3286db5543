package dev.stockpot.kernels.rapids;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.kernels.KernelProvider;
import dev.stockpot.kernels.StoringContract;
import org.junit.jupiter.api.AfterEach;

class RapidsStoringTest extends StoringContract {
  private final ModelProvider provider = new ModelProvider();

  @Override
  protected KernelProvider provider() {
    return provider;
  }

  @AfterEach
  void allMemoryIsReturned() {
    assertThat(provider.memory().columns()).isZero();
  }
}
