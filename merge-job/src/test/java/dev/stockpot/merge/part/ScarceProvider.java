package dev.stockpot.merge.part;

import dev.stockpot.kernels.KernelProvider;
import dev.stockpot.kernels.Kernels;
import dev.stockpot.kernels.block.Block;
import dev.stockpot.kernels.block.Rows;
import dev.stockpot.kernels.device.DeviceException;
import dev.stockpot.kernels.device.DeviceSharing;
import dev.stockpot.kernels.device.OutOfDeviceMemoryException;
import dev.stockpot.kernels.scalar.ScalarProvider;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Kernels that compute as the scalar ones do, a large tile at a time, and fail as a device does: at
 * a certain operation, or whenever a tile is too large.
 */
final class ScarceProvider implements KernelProvider, DeviceSharing {
  private final Function<Integer, Optional<DeviceException>> failure;
  private final int largestThatFits;
  private final boolean grantsWaits;
  private int tile = 4 << 20;
  private final List<Integer> tiles = new ArrayList<>();
  private int operations;
  private int opened;
  private int open;
  private int waits;
  private boolean abandoned;

  /**
   * @param failure of the operation with a certain number, if it is to fail
   */
  private ScarceProvider(
      Function<Integer, Optional<DeviceException>> failure, int largest, boolean grantsWaits) {
    this.failure = failure;
    this.largestThatFits = largest;
    this.grantsWaits = grantsWaits;
  }

  static ScarceProvider failingAt(int number, DeviceException with) {
    return new ScarceProvider(
        i -> i == number ? Optional.of(with) : Optional.empty(), Integer.MAX_VALUE, true);
  }

  static ScarceProvider withRoomFor(int elements) {
    return new ScarceProvider(i -> Optional.empty(), elements, false);
  }

  /** It claims that tiles of so many elements fit. */
  ScarceProvider ofTiles(int elements) {
    tile = elements;
    return this;
  }

  static OutOfDeviceMemoryException full(boolean mayFitLater) {
    return new OutOfDeviceMemoryException("full", mayFitLater, null);
  }

  /** Sizes of the tiles that were begun. */
  List<Integer> tiles() {
    return tiles;
  }

  int operations() {
    return operations;
  }

  int waits() {
    return waits;
  }

  /** How often kernels were opened: inputs are copied to a device each time. */
  int opened() {
    return opened;
  }

  int stillOpen() {
    return open;
  }

  @Override
  public String name() {
    return "scarce";
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
    Kernels<?> scalar = new ScalarProvider().open(Math.max(elements, tile));
    open++;
    opened++;
    return (Kernels<?>)
        Proxy.newProxyInstance(
            Kernels.class.getClassLoader(),
            new Class<?>[] {Kernels.class},
            (proxy, method, arguments) -> {
              switch (method.getName()) {
                case "close" -> open--;
                case "begin" -> begin(((Block) arguments[0]).count());
                case "capacity", "vector", "returnVectors" -> {
                  // none takes memory
                }
                default -> operate();
              }
              try {
                return method.invoke(scalar, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  private void begin(int elements) {
    tiles.add(elements);
    if (elements > largestThatFits) {
      throw full(false);
    }
  }

  private void operate() {
    Optional<DeviceException> failed = failure.apply(operations++);
    if (failed.isPresent()) {
      throw failed.get();
    }
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
    return tile;
  }

  @Override
  public boolean awaitMemory(OutOfDeviceMemoryException failed) {
    waits++;
    return grantsWaits && failed.mayFitLater();
  }

  @Override
  public void abandon(DeviceException failed) {
    abandoned = true;
  }

  @Override
  public boolean isAbandoned() {
    return abandoned;
  }
}
