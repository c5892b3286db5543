package dev.stockpot.kernels.rapids.cudf;

import ai.rapids.cudf.Cuda;
import ai.rapids.cudf.PinnedMemoryPool;
import ai.rapids.cudf.Rmm;
import ai.rapids.cudf.RmmAllocationMode;
import dev.stockpot.kernels.device.DeviceException;
import dev.stockpot.kernels.rapids.Device;
import dev.stockpot.kernels.rapids.DeviceHost;
import dev.stockpot.kernels.rapids.PinnedMemory;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The GPU of this JVM. Where Spark's RAPIDS plugin has set up its memory, tasks are guests there;
 * otherwise it gets a pool of ours, made once and kept as long as the JVM lives.
 */
final class CudfHost implements DeviceHost {
  private static final Logger LOG = LoggerFactory.getLogger(CudfHost.class);

  /** Of the memory that is free when we come: contexts and libraries need some too. */
  private static final double POOL_SHARE = 0.8;

  /** Pools grow in pieces of that alignment. */
  private static final long POOL_ALIGNMENT = 1 << 20;

  /** RMM refuses pools of page-locked memory of other sizes. */
  private static final long PINNED_ALIGNMENT = 256;

  private final int tasks;
  private final GpuTask task;
  private final Optional<RapidsPlugin> plugin;
  private final Semaphore permits;
  private final PinnedMemory pinned = new PinnedMemory(CudfMemory::tryAllocatePinned);

  private CudfHost(GpuSettings settings, GpuTask task, Optional<RapidsPlugin> plugin) {
    this.tasks = settings.tasks();
    this.task = task;
    this.plugin = plugin;
    this.permits = new Semaphore(tasks, true);
  }

  /**
   * Sets up the GPU.
   *
   * @throws DeviceException if that fails
   */
  static DeviceHost start(GpuSettings settings, GpuTask task) {
    return CudfFailure.translated(
        () -> {
          if (Rmm.isInitialized()) {
            LOG.info("GPU: guest of the memory pool that this JVM has");
            return new CudfHost(settings, task, Optional.of(new RapidsPlugin(RapidsPlugin::find)));
          }
          int address = task.address().orElse(0);
          Cuda.setDevice(address);
          long pool =
              (long) (Cuda.memGetInfo().free * POOL_SHARE) / POOL_ALIGNMENT * POOL_ALIGNMENT;
          Rmm.initialize(RmmAllocationMode.CUDA_ASYNC, null, pool);
          long pinned =
              pinned(settings.pinnedBytes() / PINNED_ALIGNMENT * PINNED_ALIGNMENT, address);
          LOG.info("GPU: number {}, pool of {} bytes, {} bytes pinned", address, pool, pinned);
          return new CudfHost(settings, task, Optional.empty());
        });
  }

  /** Takes so many bytes of page-locked memory, or none: they speed up copies, no more. */
  private static long pinned(long bytes, int address) {
    if (bytes == 0) {
      return 0;
    }
    try {
      if (!PinnedMemoryPool.isInitialized()) {
        PinnedMemoryPool.initialize(bytes, address);
      }
      return PinnedMemoryPool.isInitialized() ? bytes : 0; // waits until it is made
    } catch (RuntimeException e) {
      LOG.warn(
          "GPU: the host has no {} bytes to lock, copies take several times as long; set"
              + " gpu-pinned-memory to less: {}",
          bytes,
          e.getCause() == null ? e : e.getCause().getMessage());
      return 0;
    }
  }

  @Override
  public void acquire() {
    if (plugin.isPresent()) {
      plugin.get().acquire(task.context());
    } else {
      permits.acquireUninterruptibly();
    }
  }

  @Override
  public void release() {
    if (plugin.isPresent()) {
      plugin.get().release(task.context());
    } else {
      permits.release();
    }
  }

  @Override
  public long taskBytes() {
    return CudfFailure.translated(
        () -> {
          long pool =
              Rmm.getPoolSize(); // negative where there is none; what is outside of it is nobody's
          long free = pool > 0 ? pool - Rmm.getTotalBytesAllocated() : Cuda.memGetInfo().free;
          return free / tasks;
        });
  }

  @Override
  public Device open() {
    return new CudfDevice(pinned);
  }

  @Override
  public PinnedMemory pinned() {
    return pinned;
  }

  @Override
  public boolean awaitMemory() {
    return plugin.map(RapidsPlugin::awaitMemory).orElse(false);
  }
}
