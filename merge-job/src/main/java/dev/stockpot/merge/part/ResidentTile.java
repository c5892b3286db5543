package dev.stockpot.merge.part;

import dev.stockpot.kernels.KernelProvider;
import dev.stockpot.kernels.Kernels;
import dev.stockpot.kernels.block.Block;
import dev.stockpot.kernels.block.Rows;
import dev.stockpot.kernels.device.DeviceException;
import dev.stockpot.kernels.device.DeviceSharing;
import dev.stockpot.kernels.device.OutOfDeviceMemoryException;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The inputs of a slice that stay on the device from its first pass to its last, so that they are
 * copied there once. Only where they fit beside what the passes need: if not, or if the device
 * fails, this gives up, and leaves the chunk and all that follows to a {@link TileRunner}.
 */
final class ResidentTile implements AutoCloseable {
  private final KernelProvider device;
  private final DeviceSharing sharing;
  private final long inputBytes;
  private Optional<Kernels<?>> kernels = Optional.empty();
  private boolean isOver;

  /**
   * @param inputBytes of the whole slice
   */
  ResidentTile(KernelProvider device, DeviceSharing sharing, long inputBytes) {
    this.device = device;
    this.sharing = sharing;
    this.inputBytes = inputBytes;
  }

  /**
   * Does a chunk of one pass.
   *
   * @return whether it is done; if not, nothing of it counts
   */
  boolean run(Block chunk, Rows rows, TileRunner.Work work) {
    if (!isOver && !sharing.isAbandoned()) {
      try {
        attempt(chunk, rows, work);
        return true;
      } catch (OutOfDeviceMemoryException e) {
        close(); // who waits for memory must not hold any
        sharing.awaitMemory(e);
      } catch (DeviceException e) {
        sharing.abandon(e);
      }
    }
    close();
    return false;
  }

  private void attempt(Block chunk, Rows rows, TileRunner.Work work) {
    Kernels<?> opened = kernels.orElseGet(() -> device.openForPasses(rows.elements(), inputBytes));
    kernels = Optional.of(opened);
    opened.returnVectors(); // of the pass before
    Consumer<Block> blocks = work.open(opened);
    Block.each(chunk.firstElement(), chunk.count(), opened.capacity(), rows, blocks);
    work.accept();
  }

  /** Frees the device for others, and does nothing more. */
  @Override
  public void close() {
    isOver = true;
    kernels.ifPresent(Kernels::close);
    kernels = Optional.empty();
  }
}
