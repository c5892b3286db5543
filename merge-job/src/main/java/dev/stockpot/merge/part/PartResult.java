package dev.stockpot.merge.part;

import dev.stockpot.merge.storage.PartReceipt;
import java.io.Serializable;
import java.util.List;

/**
 * A part that was made.
 *
 * @param slices checksums of the pieces of tensors in it, in order
 */
public record PartResult(
    int shard, PartReceipt receipt, List<SliceChecksum> slices, PartTimes times)
    implements Serializable {

  /** CRC-32C of consecutive bytes of a tensor. */
  public record SliceChecksum(String tensor, long begin, long length, int crc32c)
      implements Serializable {}

  public PartResult {
    slices = List.copyOf(slices);
  }
}
