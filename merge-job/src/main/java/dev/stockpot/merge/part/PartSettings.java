package dev.stockpot.merge.part;

import dev.stockpot.kernels.NonFiniteTally;
import dev.stockpot.kernels.block.Block;
import dev.stockpot.kernels.device.DeviceSharing;
import dev.stockpot.kernels.statistic.NonFinite;
import dev.stockpot.merge.output.OutputTensor;
import java.io.Serializable;

/**
 * How a task works. None of it changes a byte of the output.
 *
 * @param chunkElements elements of each input in memory at once, where a tensor is streamed; a
 *     multiple of every provider's block
 * @param taskBytes most bytes of buffers that the task may hold; where many inputs are streamed,
 *     chunks are made smaller to stay below
 * @param checkFinite whether NaN and infinity in an input or in the output end the merge
 * @param observes whether figures for a report are gathered
 */
public record PartSettings(int chunkElements, long taskBytes, boolean checkFinite, boolean observes)
    implements Serializable {
  private static final int BLOCK_MULTIPLE = 1 << 12;

  public PartSettings {
    if (chunkElements < BLOCK_MULTIPLE || chunkElements % BLOCK_MULTIPLE != 0) {
      throw new IllegalArgumentException(
          "chunks have %s elements, must be a multiple of %s"
              .formatted(chunkElements, BLOCK_MULTIPLE));
    }
  }

  /**
   * What was counted of the output.
   *
   * @throws NonFiniteException if that is to end the merge
   */
  NonFinite checked(NonFiniteTally tally, OutputTensor output) {
    if (checkFinite) {
      NonFiniteException.check(tally, output);
    }
    return tally.found();
  }

  /** These for work on a device, which has more at once. */
  PartSettings forDevice(DeviceSharing device) {
    return new PartSettings(
        Math.max(chunkElements, device.chunkElements()), taskBytes, checkFinite, observes);
  }

  /**
   * Elements of a chunk: whole rows, if they matter, and at least one; whole reduction blocks, if
   * they fit.
   *
   * @param bytesPerElement in all inputs and the output together
   * @param spareBytes that may be lost as buffers are rounded up to whole pages
   */
  int chunkElements(long bytesPerElement, int row, long spareBytes) {
    long fitting = Math.min(chunkElements, (taskBytes - spareBytes) / bytesPerElement);
    long reduction = Block.reductionElements(row);
    long least = row == 0 ? BLOCK_MULTIPLE : row;
    long multiple = fitting < reduction ? least : reduction;
    return (int) Math.max(multiple, fitting / multiple * multiple);
  }

  /** Elements of a chunk half as long, if there is one. */
  int halved(int chunk, int row) {
    long reduction = Block.reductionElements(row);
    long least = row == 0 ? BLOCK_MULTIPLE : row;
    long half = chunk / 2;
    long multiple = half < reduction ? least : reduction;
    return (int) Math.max(least, half / multiple * multiple);
  }
}
