package dev.stockpot.kernels.rapids;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.kernels.HostMemory;
import dev.stockpot.kernels.KernelProvider;
import dev.stockpot.kernels.Kernels;
import dev.stockpot.kernels.Providers;
import dev.stockpot.kernels.block.Rows;
import dev.stockpot.kernels.device.DeviceException;
import dev.stockpot.kernels.device.OutOfDeviceMemoryException;
import dev.stockpot.kernels.scalar.ScalarProvider;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RapidsProviderTest {
  private final FakeHost host = new FakeHost();

  /** Lends a model of a device. */
  private static final class FakeHost implements DeviceHost {
    private final ModelMemory memory = new ModelMemory();
    private int started;
    private int onDevice;
    private boolean failsToTellMemory;

    DeviceHost start() {
      started++;
      return this;
    }

    @Override
    public void acquire() {
      onDevice++;
    }

    @Override
    public void release() {
      onDevice--;
    }

    @Override
    public long taskBytes() {
      if (failsToTellMemory) {
        throw new DeviceException("the GPU fell off the bus", null);
      }
      return 1 << 30;
    }

    @Override
    public Device open() {
      return new JavaDevice(memory);
    }

    @Override
    public PinnedMemory pinned() {
      return new PinnedMemory(bytes -> Optional.empty());
    }

    @Override
    public boolean awaitMemory() {
      return true;
    }
  }

  private RapidsProvider provider() {
    return new RapidsProvider(Optional::empty, host::start);
  }

  @Test
  void theDeviceIsHeldWhileKernelsAreOpen() {
    RapidsProvider provider = provider();
    assertThat(host.started).isZero();

    try (Kernels<?> kernels = provider.open()) {
      assertThat(kernels.capacity()).isPositive();
      assertThat(host.onDevice).isEqualTo(1);
    }
    assertThat(host.onDevice).isZero();

    provider.open().close();
    assertThat(host.started).isEqualTo(1);
  }

  @Test
  void aDeviceThatFailsAsKernelsOpenIsNotHeld() {
    host.failsToTellMemory = true;

    assertThatThrownBy(() -> provider().open()).hasMessage("the GPU fell off the bus");
    assertThat(host.onDevice).isZero();
  }

  @Test
  void theMachineIsAskedOnce() {
    int[] asked = {0};
    RapidsProvider provider =
        new RapidsProvider(
            () -> {
              asked[0]++;
              return Optional.of("no");
            },
            host::start);

    assertThat(provider.obstacle()).hasValue("no");
    assertThat(provider.obstacle()).hasValue("no");
    assertThat(asked[0]).isEqualTo(1);
  }

  @Test
  void rowsAndSmallTensorsAreLeftToTheCpu() {
    assertThat(provider().pays(1 << 24, Rows.NONE)).isTrue();
    assertThat(provider().pays(1 << 24, new Rows(4_096, false))).isFalse();
    assertThat(provider().pays(1 << 24, new Rows(1 << 21, false))).isTrue();
    assertThat(provider().pays(1 << 24, new Rows(4_096, true))).isTrue();
    assertThat(provider().pays(1 << 24, new Rows(3, true))).isFalse();
    assertThat(provider().pays(896, Rows.NONE)).isFalse();
  }

  @Test
  void waitsOnlyIfItCanHelp() {
    RapidsProvider provider = provider();

    assertThat(provider.awaitMemory(new OutOfDeviceMemoryException("", true, null))).isTrue();
    assertThat(provider.awaitMemory(new OutOfDeviceMemoryException("", false, null))).isFalse();
  }

  @Test
  void aDeviceThatCannotBeSetUpIsGivenUpAndMemoryIsPlain() {
    RapidsProvider provider =
        new RapidsProvider(
            Optional::empty,
            () -> {
              throw new DeviceException("no pool", null);
            });

    assertThat(provider.hostMemory()).isSameAs(HostMemory.PLAIN);
    assertThat(provider.isAbandoned()).isTrue();
  }

  @Test
  void forcedWithoutAGpuItSaysWhatIsMissing() {
    List<KernelProvider> all =
        List.of(
            new RapidsProvider(
                () -> Optional.of("there is no NVIDIA driver; install one"), host::start),
            new ScalarProvider());

    assertThatThrownBy(() -> Providers.forced("rapids", all))
        .hasMessage("rapids kernels cannot run: there is no NVIDIA driver; install one");
    assertThat(Providers.fastest(all).name()).isEqualTo("scalar");
  }
}
