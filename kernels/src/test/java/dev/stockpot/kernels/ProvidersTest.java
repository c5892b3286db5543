package dev.stockpot.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.kernels.scalar.ScalarProvider;
import dev.stockpot.kernels.vector.VectorProvider;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ProvidersTest {
  private static final KernelProvider SCALAR = new ScalarProvider();
  private static final KernelProvider VECTOR = new VectorProvider();
  private static final KernelProvider MISSING = new Missing();

  /** What is faster than anything, and not here. */
  private static final class Missing implements KernelProvider {
    @Override
    public String name() {
      return "quantum";
    }

    @Override
    public Optional<String> obstacle() {
      return Optional.of("there are no qubits; buy some");
    }

    @Override
    public String machine() {
      return "a test";
    }

    @Override
    public Kernels<?> open(int elements) {
      throw new IllegalStateException("opened in spite of an obstacle");
    }
  }

  @Test
  void theFirstThatCanRunIsChosen() {
    assertThat(Providers.fastest(List.of(MISSING, VECTOR, SCALAR))).isSameAs(VECTOR);
    assertThat(Providers.fastest(List.of(SCALAR, VECTOR))).isSameAs(SCALAR);
  }

  @Test
  void somebodyHasToRun() {
    assertThatThrownBy(() -> Providers.fastest(List.of(MISSING)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "No kernels can run here; not quantum: there are no qubits; buy some; is the scalar"
                + " provider listed?");
  }

  @Test
  void aForcedProviderIsFoundByItsName() {
    assertThat(Providers.forced("scalar", List.of(MISSING, VECTOR, SCALAR))).isSameAs(SCALAR);
  }

  @Test
  void aForcedNameThatNobodyHasIsRefusedWithThoseThereAre() {
    assertThatThrownBy(() -> Providers.forced("fast", List.of(VECTOR, SCALAR)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("there are no kernels named 'fast', only auto and vector, scalar");
  }

  @Test
  void aForcedProviderThatCannotRunIsRefusedWithItsObstacle() {
    assertThatThrownBy(() -> Providers.forced("quantum", List.of(MISSING, SCALAR)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("quantum kernels cannot run: there are no qubits; buy some");
  }

  @Test
  void theScalarProviderRunsEverywhere() {
    assertThat(SCALAR.name()).isEqualTo("scalar");
    assertThat(SCALAR.obstacle()).isEmpty();
  }
}
