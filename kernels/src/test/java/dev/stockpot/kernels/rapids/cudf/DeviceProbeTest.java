package dev.stockpot.kernels.rapids.cudf;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Each step of the probe, on a machine that lacks just that. */
class DeviceProbeTest {
  private final FakeMachine machine = new FakeMachine();

  /** A machine with a GPU and all it needs, of which a test takes something away. */
  private static final class FakeMachine implements DeviceProbe.Machine, DeviceProbe.Library {
    private String system = "Linux";
    private String architecture = "amd64";
    private boolean hasNode = true;
    private boolean hasClasses = true;
    private boolean loads = true;
    private int driver = 13_000;
    private int devices = 2;
    private int capability = 90;
    private boolean askedForCudf;

    @Override
    public String system() {
      return system;
    }

    @Override
    public String architecture() {
      return architecture;
    }

    @Override
    public boolean exists(Path path) {
      return hasNode && path.equals(Path.of("/dev/nvidiactl"));
    }

    @Override
    public Optional<DeviceProbe.Library> cudf() {
      askedForCudf = true;
      return hasClasses ? Optional.of(this) : Optional.empty();
    }

    @Override
    public boolean isLoaded() {
      return loads;
    }

    @Override
    public int driverVersion() {
      return driver;
    }

    @Override
    public int runtimeVersion() {
      return 13_030;
    }

    @Override
    public int deviceCount() {
      if (driver == 0) {
        throw new IllegalStateException("asked for devices without a driver");
      }
      return devices;
    }

    @Override
    public int computeCapability(int device) {
      return capability;
    }
  }

  private Optional<String> obstacle() {
    return DeviceProbe.obstacle(machine, 1);
  }

  @Test
  void aMachineThatHasAllHasNoObstacle() {
    assertThat(obstacle()).isEmpty();
  }

  @Test
  void elsewhereThanOnLinuxNothingIsLoaded() {
    machine.system = "Mac OS X";
    machine.architecture = "aarch64";

    assertThat(obstacle())
        .hasValue("RAPIDS runs on Linux on amd64 or aarch64, this is Mac OS X on aarch64");
    assertThat(machine.askedForCudf).isFalse();
  }

  @Test
  void withoutADeviceNothingIsLoaded() {
    machine.hasNode = false;

    assertThat(obstacle())
        .hasValue(
            "there is no NVIDIA GPU: neither /dev/nvidiactl, /proc/driver/nvidia/version nor"
                + " /dev/dxg exists; in a container, pass the GPU through");
    assertThat(machine.askedForCudf).isFalse();
  }

  @Test
  void rapidsMustBeOnTheClassPath() {
    machine.hasClasses = false;

    assertThat(obstacle())
        .hasValue(
            "RAPIDS is not on the class path; add ai.rapids:cudf, classifier cuda13, with --jars"
                + " or STOCKPOT_JARS");
  }

  @Test
  void itsNativeCodeMustLoad() {
    machine.loads = false;

    assertThat(obstacle().orElseThrow()).contains("did not load", "java.io.tmpdir needs 1 GB");
  }

  @Test
  void thereMustBeADriver() {
    machine.driver = 0;

    assertThat(obstacle()).hasValue("there is no NVIDIA driver; install one");
  }

  @Test
  void theDriverMustKnowTheCudaOfRapids() {
    machine.driver = 12_080;

    assertThat(obstacle())
        .hasValue(
            "the NVIDIA driver is for CUDA 12.8, RAPIDS for CUDA 13.3; update the driver or take"
                + " RAPIDS of another classifier");
  }

  @Test
  void theGpuOfThatNumberMustBeVisible() {
    machine.devices = 1;

    assertThat(obstacle())
        .hasValue("GPU 1 was asked for, but the driver shows 1; look at CUDA_VISIBLE_DEVICES");
  }

  @Test
  void theGpuMustNotBeTooOld() {
    machine.capability = 70;

    assertThat(obstacle()).hasValue("GPU 1 has compute capability 7.0, RAPIDS needs 7.5 or more");
  }

  @Test
  void whateverIsThrownIsAnObstacle() {
    DeviceProbe.Machine broken =
        new DeviceProbe.Machine() {
          @Override
          public String system() {
            return "Linux";
          }

          @Override
          public String architecture() {
            return "amd64";
          }

          @Override
          public boolean exists(Path path) {
            return true;
          }

          @Override
          public Optional<DeviceProbe.Library> cudf() {
            throw new UnsatisfiedLinkError("libcuda");
          }
        };

    assertThat(DeviceProbe.obstacle(broken, 0))
        .hasValue("asking the GPU failed: java.lang.UnsatisfiedLinkError: libcuda");
  }
}
