package dev.stockpot.kernels.rapids;

import dev.stockpot.kernels.KernelProvider;
import dev.stockpot.kernels.Kernels;
import java.util.Optional;

/** Kernels for GPU columns on the model of a device. */
public final class ModelProvider implements KernelProvider {
  private final JavaDevice.Memory memory = new JavaDevice.Memory();

  JavaDevice.Memory memory() {
    return memory;
  }

  @Override
  public String name() {
    return "model";
  }

  @Override
  public Optional<String> obstacle() {
    return Optional.empty();
  }

  @Override
  public String machine() {
    return "a test";
  }

  @Override
  public Kernels<?> open(int elements) {
    JavaDevice device = new JavaDevice(memory);
    return new RapidsKernels(device, device.freeBytes(), elements, () -> {});
  }
}
