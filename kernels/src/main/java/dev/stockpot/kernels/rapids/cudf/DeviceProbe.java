package dev.stockpot.kernels.rapids.cudf;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Whether a GPU can be used here, in steps from cheap to dear, so that half a gigabyte of native
 * code is loaded only where there is a GPU. Whatever goes wrong is an obstacle.
 */
final class DeviceProbe {
  /** One of them is there wherever a driver is: on Linux, in containers, under Windows' Linux. */
  static final List<Path> DEVICE_NODES =
      List.of(
          Path.of("/dev/nvidiactl"), Path.of("/proc/driver/nvidia/version"), Path.of("/dev/dxg"));

  /** Compute capability 7.5: Turing, the oldest for which cudf has code. */
  private static final int LEAST_CAPABILITY = 75;

  /** What is asked of the machine, without native code. */
  interface Machine {
    String system();

    String architecture();

    boolean exists(Path path);

    /** cudf, if it is on the class path. Nothing native is loaded by asking. */
    Optional<Library> cudf();
  }

  /** What is asked of cudf, of which the first question loads its native code. */
  interface Library {
    boolean isLoaded();

    /** The highest CUDA version that the driver knows, as 13000 for 13.0; 0 without a driver. */
    int driverVersion();

    /** The CUDA version that this cudf was built with, in the same way. */
    int runtimeVersion();

    int deviceCount();

    /** Of that GPU, as 75 for 7.5. */
    int computeCapability(int device);
  }

  private DeviceProbe() {}

  /** Why the GPU of that address cannot be used, with the remedy. */
  static Optional<String> obstacle(Machine machine, int address) {
    try {
      return hardware(machine).or(() -> software(machine, address));
    } catch (RuntimeException | LinkageError e) {
      return Optional.of("asking the GPU failed: " + e);
    }
  }

  private static Optional<String> hardware(Machine machine) {
    if (!machine.system().equals("Linux")
        || !List.of("amd64", "aarch64").contains(machine.architecture())) {
      return Optional.of(
          "RAPIDS runs on Linux on amd64 or aarch64, this is %s on %s"
              .formatted(machine.system(), machine.architecture()));
    }
    Predicate<Path> exists = machine::exists;
    return DEVICE_NODES.stream().noneMatch(exists)
        ? Optional.of(
            "there is no NVIDIA GPU: neither %s, %s nor %s exists; in a container, pass the GPU"
                    .formatted(DEVICE_NODES.toArray())
                + " through")
        : Optional.empty();
  }

  private static Optional<String> software(Machine machine, int address) {
    Optional<Library> found = machine.cudf();
    if (found.isEmpty()) {
      return Optional.of(
          "RAPIDS is not on the class path; add ai.rapids:cudf, classifier cuda13, with --jars or"
              + " STOCKPOT_JARS");
    }
    Library cudf = found.get();
    if (!cudf.isLoaded()) {
      return Optional.of(
          "the native code of RAPIDS did not load; java.io.tmpdir needs 1 GB and must allow programs,"
              + " or unpack it and set ai.rapids.cudf.lib-native-dir");
    }
    int driver = cudf.driverVersion();
    if (driver == 0) {
      return Optional.of("there is no NVIDIA driver; install one");
    }
    if (driver / 1000 < cudf.runtimeVersion() / 1000) {
      return Optional.of(
          "the NVIDIA driver is for CUDA %s, RAPIDS for CUDA %s; update the driver or take RAPIDS of"
                  .formatted(dotted(driver), dotted(cudf.runtimeVersion()))
              + " another classifier");
    }
    int devices = cudf.deviceCount();
    if (address >= devices) {
      return Optional.of(
          "GPU %s was asked for, but the driver shows %s; look at CUDA_VISIBLE_DEVICES"
              .formatted(address, devices));
    }
    int capability = cudf.computeCapability(address);
    return capability < LEAST_CAPABILITY
        ? Optional.of(
            "GPU %s has compute capability %s.%s, RAPIDS needs 7.5 or more"
                .formatted(address, capability / 10, capability % 10))
        : Optional.empty();
  }

  private static String dotted(int version) {
    return version / 1000 + "." + version % 1000 / 10;
  }
}
