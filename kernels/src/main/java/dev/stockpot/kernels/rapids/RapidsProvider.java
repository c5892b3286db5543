package dev.stockpot.kernels.rapids;

import dev.stockpot.kernels.HostMemory;
import dev.stockpot.kernels.KernelProvider;
import dev.stockpot.kernels.Kernels;
import dev.stockpot.kernels.block.Block;
import dev.stockpot.kernels.block.Rows;
import dev.stockpot.kernels.device.DeviceException;
import dev.stockpot.kernels.device.DeviceSharing;
import dev.stockpot.kernels.device.OutOfDeviceMemoryException;
import dev.stockpot.kernels.statistic.LaneSum;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs on an NVIDIA GPU, with RAPIDS. Nothing of RAPIDS is loaded before a GPU has been seen. */
public final class RapidsProvider implements KernelProvider, DeviceSharing {
  private static final Logger LOG = LoggerFactory.getLogger(RapidsProvider.class);

  /** Shorter rows are done by the CPU: a device takes as long for one as for a thousand. */
  private static final int LEAST_ROW = Block.REDUCTION_ELEMENTS;

  /** Of many rows at once; as sums are taken in groups of fixed size, shorter ones waste memory. */
  private static final int LEAST_ROW_OF_MANY = LaneSum.GROUP / 2;

  /** Small tensors are done by the CPU too. */
  private static final int LEAST_ELEMENTS = 1 << 16;

  private final Supplier<Optional<String>> probe;
  private final Starter starter;
  private Optional<Optional<String>> probed = Optional.empty();
  private Optional<DeviceHost> host = Optional.empty();
  private volatile boolean abandoned;

  /** Sets up a device, or only says which it is. */
  public interface Starter {
    DeviceHost start();

    default String describe() {
      return "a device";
    }
  }

  /**
   * For some device.
   *
   * @param probe says why it cannot be used, as {@link #obstacle()} does
   */
  public RapidsProvider(Supplier<Optional<String>> probe, Starter starter) {
    this.probe = probe;
    this.starter = starter;
  }

  @Override
  public String name() {
    return "rapids";
  }

  @Override
  public synchronized Optional<String> obstacle() {
    if (probed.isEmpty()) {
      probed = Optional.of(probe.get());
    }
    return probed.get();
  }

  @Override
  public String machine() {
    return starter.describe();
  }

  /**
   * Kernels that hold the GPU until they are closed.
   *
   * @throws DeviceException if the GPU cannot be set up
   */
  @Override
  public Kernels<?> open(int elements) {
    return openForPasses(elements, 0);
  }

  /** The same, which also hold what they have loaded. */
  @Override
  public Kernels<?> openForPasses(int elements, long operandBytes) {
    DeviceHost lender = host();
    lender.acquire();
    try {
      return new RapidsKernels(
          lender.open(), lender.taskBytes(), elements, operandBytes, lender::release);
    } catch (RuntimeException | Error e) {
      lender.release();
      throw e;
    }
  }

  private synchronized DeviceHost host() {
    if (host.isEmpty()) {
      host = Optional.of(starter.start());
    }
    return host.get();
  }

  /** Pinned memory where the GPU could be set up, else plain memory. */
  @Override
  public HostMemory hostMemory() {
    if (abandoned) {
      return HostMemory.PLAIN;
    }
    try {
      return host().pinned();
    } catch (DeviceException e) {
      abandon(e);
      return HostMemory.PLAIN;
    }
  }

  @Override
  public Optional<DeviceSharing> device() {
    return Optional.of(this);
  }

  @Override
  public boolean pays(long elements, Rows rows) {
    if (rows.areOneByOne()) {
      return rows.elements() >= LEAST_ROW;
    }
    boolean isFilled = rows.elements() == 0 || rows.elements() >= LEAST_ROW_OF_MANY;
    return isFilled && elements >= LEAST_ELEMENTS;
  }

  @Override
  public int chunkElements() {
    return TilePlan.MOST_ELEMENTS;
  }

  @Override
  public boolean awaitMemory(OutOfDeviceMemoryException failure) {
    return failure.mayFitLater() && host().awaitMemory();
  }

  @Override
  public void abandon(DeviceException failure) {
    if (!abandoned) {
      abandoned = true;
      LOG.warn("GPU: given up in this JVM, the CPU goes on: {}", failure.getMessage());
    }
  }

  @Override
  public boolean isAbandoned() {
    return abandoned;
  }
}
