package dev.stockpot.kernels.rapids;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.kernels.KernelProvider;
import dev.stockpot.kernels.method.MethodsContract;
import org.junit.jupiter.api.AfterEach;

/** Every method on the model of a GPU's columns. */
class RapidsMethodsTest extends MethodsContract {
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
