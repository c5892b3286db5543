package dev.stockpot.merge.part;

import dev.stockpot.kernels.HostMemory;
import dev.stockpot.kernels.KernelProvider;
import dev.stockpot.kernels.block.Rows;
import dev.stockpot.kernels.device.DeviceSharing;
import dev.stockpot.merge.storage.ObjectSource;
import java.util.Optional;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;

/**
 * What a task works with.
 *
 * @param provider who computes
 * @param cpu who takes over where a device does not pay, or fails
 * @param memory whose limit is that of the task
 * @param means of all rows of tensors that it has parts of
 */
record PartTools(
    KernelProvider provider,
    KernelProvider cpu,
    PartSettings settings,
    BufferAllocator memory,
    Stopwatch watch,
    RowMeans means) {

  /** The tools of a task; one whose work is done on a device has more of an input at once. */
  static PartTools of(
      ObjectSource store,
      KernelProvider provider,
      KernelProvider cpu,
      PartSettings settings,
      BufferAllocator memory) {
    PartSettings fitting = provider.device().map(settings::forDevice).orElse(settings);
    Stopwatch watch = new Stopwatch();
    RowMeans means = new StreamedMeans(store, cpu, memory, watch);
    return new PartTools(provider, cpu, fitting, memory, watch, means);
  }

  SliceLoads loads() {
    return new SliceLoads(settings, means);
  }

  HostMemory host() {
    return provider.hostMemory();
  }

  ArrowBuf buffer(long bytes) {
    return host().buffer(memory, bytes);
  }

  /**
   * Who computes a slice.
   *
   * @param heldBytes of its inputs, if all passes find them at the same place; else 0
   */
  SliceKernels kernels(long heldBytes) {
    return new SliceKernels(provider, cpu, heldBytes);
  }

  /** Whether a device, if there is one, computes the slice. */
  boolean isOnDevice(SharedSlice slice, Rows rows) {
    Optional<DeviceSharing> device = provider.device();
    boolean isWhole = rows.areOneByOne() || loads().chunksAreWhole(slice, rows);
    return isWhole && device.filter(it -> it.pays(slice.span().count(), rows)).isPresent();
  }
}
