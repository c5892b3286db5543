package dev.stockpot.merge.part;

import java.io.Serializable;

/**
 * How a task works. None of it changes a byte of the output.
 *
 * @param chunkElements elements of each input in memory at once, where a tensor is streamed; a
 *     multiple of every provider's block
 * @param taskBytes most bytes of buffers that the task may hold; where many inputs are streamed,
 *     chunks are made smaller to stay below
 * @param checkFinite whether NaN and infinity in an input end the merge
 */
public record PartSettings(int chunkElements, long taskBytes, boolean checkFinite)
    implements Serializable {
  private static final int BLOCK_MULTIPLE = 1 << 12;

  public PartSettings {
    if (chunkElements < BLOCK_MULTIPLE || chunkElements % BLOCK_MULTIPLE != 0) {
      throw new IllegalArgumentException(
          "chunks have %s elements, must be a multiple of %s"
              .formatted(chunkElements, BLOCK_MULTIPLE));
    }
  }

  /** Elements of a chunk where each takes that many bytes in all inputs and the output together. */
  int chunkElements(int bytesPerElement) {
    long fitting = taskBytes / bytesPerElement / BLOCK_MULTIPLE * BLOCK_MULTIPLE;
    return (int) Math.max(BLOCK_MULTIPLE, Math.min(chunkElements, fitting));
  }
}
