package dev.stockpot.kernels.rapids;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.kernels.KernelProvider;
import dev.stockpot.kernels.NonFiniteTally;
import dev.stockpot.kernels.Operand;
import dev.stockpot.kernels.Operands;
import dev.stockpot.kernels.UpdateTally;
import dev.stockpot.kernels.methods.MethodRun;
import dev.stockpot.kernels.methods.MethodsContract;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.random.Rounding;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every method on the model of a GPU's columns. */
class RapidsMethodsTest extends MethodsContract {
  private final ModelProvider provider = new ModelProvider();

  @Override
  protected KernelProvider provider() {
    return provider;
  }

  /** Where there are several passes, and also if the updates of the first input are counted. */
  @ParameterizedTest
  @MethodSource("runs")
  void inputsAreCopiedToTheDeviceOnce(MethodRun run) {
    int count = 2 * 4_096;
    try (Operands operands = new Operands()) {
      List<Operand> inputs = run.inputs(operands, DType.BF16, count);
      UpdateTally updates = new UpdateTally(inputs.get(0));
      Operand output =
          new Operand(
              operands.zeros(DType.BF16, count).buffer(),
              DType.BF16,
              count,
              Rounding.NEAREST,
              run.scans() ? Optional.of(updates) : Optional.empty(),
              Optional.of(new NonFiniteTally(inputs)));

      run.run(provider, inputs, output);

      assertThat(provider.memory().uploaded()).isEqualTo(2L * count * run.read());
    }
  }

  @AfterEach
  void allMemoryIsReturned() {
    assertThat(provider.memory().columns()).isZero();
  }
}
