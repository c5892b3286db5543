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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Work on a device, a tile at a time. A tile that does not fit is halved, and, once it is a single
 * reduction block, or a row of those that are done one by one, done by the CPU; so is everything
 * once the device has failed. Each attempt begins anew with kernels of its own, so that nothing
 * counts of one that failed, and both give the same bytes.
 */
final class TileRunner {
  private static final Logger LOG = LoggerFactory.getLogger(TileRunner.class);

  /** How often one tile waits for others to return memory before it is halved. */
  private static final int WAITS = 10;

  private final KernelProvider device;
  private final DeviceSharing sharing;
  private final KernelProvider cpu;
  private final Rows rows;
  private final Optional<ResidentTile> resident;

  /**
   * @param resident what does it with inputs that stay on the device, while that goes well
   */
  TileRunner(
      KernelProvider device,
      DeviceSharing sharing,
      KernelProvider cpu,
      Rows rows,
      Optional<ResidentTile> resident) {
    this.device = device;
    this.sharing = sharing;
    this.cpu = cpu;
    this.rows = rows;
    this.resident = resident;
  }

  /** What is to be done with a tile. */
  interface Work {
    /** Prepares for consecutive blocks of one tile. */
    Consumer<Block> open(Kernels<?> kernels);

    /** All blocks of what was opened last were done. */
    void accept();
  }

  /** Where the next tile of a chunk begins, and how large it may be. */
  private static final class Progress {
    private final Block chunk;
    private int done;
    private int most;
    private int waits;

    Progress(Block chunk) {
      this.chunk = chunk;
      this.most = chunk.count();
    }

    int largest() {
      return Math.min(most, chunk.count() - done);
    }

    Block tile(int count, int row) {
      return new Block(chunk.firstElement() + done, chunk.offset() + done, count, row);
    }

    void advance(int count) {
      done += count;
      waits = 0;
    }
  }

  /** Does a chunk, which begins with a reduction block. */
  void run(Block chunk, Work work) {
    if (resident.isPresent() && resident.get().run(chunk, rows, work)) {
      return;
    }
    Progress progress = new Progress(chunk);
    while (progress.done < chunk.count()) {
      if (sharing.isAbandoned()) {
        onCpu(progress, progress.largest(), work);
      } else {
        onDevice(progress, work);
      }
    }
  }

  private void onDevice(Progress progress, Work work) {
    int count = rows.areOneByOne() ? rows.elements() : progress.largest();
    try (Kernels<?> kernels = device.open(rows.elements())) {
      Consumer<Block> blocks = work.open(kernels);
      count = Math.min(count, rows.blockElements(kernels.capacity()));
      blocks.accept(progress.tile(count, rows.elements()));
      work.accept();
      progress.advance(count);
    } catch (OutOfDeviceMemoryException e) { // the kernels are closed: what they took is returned
      doesNotFit(progress, count, work, e);
    } catch (DeviceException e) {
      sharing.abandon(e);
    }
  }

  private void doesNotFit(
      Progress progress, int count, Work work, OutOfDeviceMemoryException failure) {
    if (progress.waits++ < WAITS && sharing.awaitMemory(failure)) {
      return;
    }
    int reduction = rows.reductionElements();
    if (!rows.areOneByOne() && count > reduction) {
      long half = count / 2L + reduction - 1;
      progress.most = (int) (half / reduction * reduction);
      if (progress.most >= count) {
        progress.most = reduction;
      }
      LOG.info("GPU: {} elements do not fit, trying {}", count, progress.most);
    } else {
      LOG.info("GPU: {} elements do not fit, the CPU takes them", count);
      onCpu(progress, count, work);
    }
  }

  private void onCpu(Progress progress, int count, Work work) {
    try (Kernels<?> kernels = cpu.open(rows.elements())) {
      Consumer<Block> blocks = work.open(kernels);
      progress.tile(count, rows.elements()).each(kernels.capacity(), blocks);
      work.accept();
    }
    progress.advance(count);
  }
}
