package dev.stockpot.merge.part;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.kernels.KernelProvider;
import dev.stockpot.kernels.Kernels;
import dev.stockpot.kernels.rapids.cudf.GpuSettings;
import dev.stockpot.kernels.rapids.cudf.GpuTask;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a second merge in the same JVM gets. */
class KernelChoiceTest {
  private static final GpuSettings FIRST = new GpuSettings(2, 0);
  private static final GpuSettings SECOND = new GpuSettings(4, 1 << 20);

  private final List<GpuSettings> setUp = new ArrayList<>();
  private Optional<String> obstacle = Optional.empty();

  private final KernelChoice choice =
      new KernelChoice(
          (settings, task) -> {
            setUp.add(settings);
            return new FakeGpu();
          });

  private final class FakeGpu implements KernelProvider {
    @Override
    public String name() {
      return "rapids";
    }

    @Override
    public Optional<String> obstacle() {
      return obstacle;
    }

    @Override
    public String machine() {
      return "a GPU that is not there";
    }

    @Override
    public Kernels<?> open(int elements) {
      throw new IllegalStateException("nobody computes here");
    }
  }

  @Test
  void thereIsOneGpuWhateverTheNameAndTheSettings() {
    KernelProvider automatic = choice.choose(KernelChoice.AUTO, FIRST, GpuTask.NONE);
    KernelProvider named = choice.choose("rapids", SECOND, GpuTask.NONE);

    assertThat(automatic.name()).isEqualTo("rapids");
    assertThat(named).isSameAs(automatic);
    assertThat(choice.choose(KernelChoice.AUTO, SECOND, GpuTask.NONE)).isSameAs(automatic);
    assertThat(setUp).containsExactly(FIRST);
  }

  @Test
  void aMergeThatWantsTheCpuGetsItBesideOneOnTheGpu() {
    choice.choose(KernelChoice.AUTO, FIRST, GpuTask.NONE);
    assertThat(choice.choose("scalar", SECOND, GpuTask.NONE).name()).isEqualTo("scalar");
  }

  @Test
  void whatCannotRunIsToldEachTime() {
    obstacle = Optional.of("there is no GPU");
    for (int merge = 0; merge < 2; merge++) {
      assertThatThrownBy(() -> choice.choose("rapids", FIRST, GpuTask.NONE))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("there is no GPU");
    }
    assertThat(choice.choose(KernelChoice.AUTO, FIRST, GpuTask.NONE).name()).isNotEqualTo("rapids");
  }
}
