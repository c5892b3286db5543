package dev.stockpot.kernels.rapids.cudf;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The machine that this JVM runs on. */
final class ThisMachine implements DeviceProbe.Machine {
  @Override
  public String system() {
    return System.getProperty("os.name");
  }

  @Override
  public String architecture() {
    return System.getProperty("os.arch");
  }

  @Override
  public boolean exists(Path path) {
    return Files.exists(path);
  }

  @Override
  public Optional<DeviceProbe.Library> cudf() {
    try {
      Class.forName("ai.rapids.cudf.Cuda", false, ThisMachine.class.getClassLoader());
      return Optional.of(new Cudf());
    } catch (ClassNotFoundException e) {
      return Optional.empty();
    }
  }
}
