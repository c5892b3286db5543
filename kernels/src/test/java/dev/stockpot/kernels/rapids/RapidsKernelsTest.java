package dev.stockpot.kernels.rapids;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.kernels.KernelProvider;
import dev.stockpot.kernels.KernelsContract;
import org.junit.jupiter.api.AfterEach;

/**
 * The contract of all kernels, on a model of a GPU's columns; and nothing is left in its memory.
 */
class RapidsKernelsTest extends KernelsContract {
  private final ModelProvider provider = new ModelProvider();

  @Override
  protected KernelProvider provider() {
    return provider;
  }

  @AfterEach
  void allMemoryIsReturned() {
    assertThat(provider.memory().columns()).isZero();
    assertThat(provider.memory().bytes()).isZero();
  }
}
