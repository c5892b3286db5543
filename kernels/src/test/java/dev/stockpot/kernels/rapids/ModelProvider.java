package dev.stockpot.kernels.rapids;

import dev.stockpot.kernels.KernelProvider;
import dev.stockpot.kernels.Kernels;
import dev.stockpot.kernels.block.Rows;
import dev.stockpot.kernels.device.DeviceException;
import dev.stockpot.kernels.device.DeviceSharing;
import dev.stockpot.kernels.device.OutOfDeviceMemoryException;
import java.util.Optional;

/** Kernels for GPU columns on the model of a device. */
public final class ModelProvider implements KernelProvider, DeviceSharing {
  /** Bytes, for tiles of the largest size. */
  private static final long PLENTY = 1L << 40;

  private final ModelMemory memory = new ModelMemory();

  ModelMemory memory() {
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
  public Optional<DeviceSharing> device() {
    return Optional.of(this);
  }

  @Override
  public boolean pays(long elements, Rows rows) {
    return true;
  }

  @Override
  public int chunkElements() {
    return TilePlan.MOST_ELEMENTS;
  }

  @Override
  public boolean awaitMemory(OutOfDeviceMemoryException failure) {
    return false;
  }

  @Override
  public void abandon(DeviceException failure) {
    throw failure;
  }

  @Override
  public boolean isAbandoned() {
    return false;
  }

  @Override
  public Kernels<?> open(int elements) {
    return openForPasses(elements, 0);
  }

  @Override
  public Kernels<?> openForPasses(int elements, long operandBytes) {
    return new RapidsKernels(new JavaDevice(memory), PLENTY, elements, operandBytes, () -> {});
  }
}
