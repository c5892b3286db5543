package dev.stockpot.merge.part;

import static java.util.Objects.requireNonNull;

import dev.stockpot.kernels.observe.Observation;
import dev.stockpot.kernels.statistic.LostUpdates;
import dev.stockpot.kernels.statistic.NonFinite;
import dev.stockpot.merge.output.MatrixFindings;
import dev.stockpot.merge.storage.PartReceipt;
import java.io.Serializable;
import java.util.List;
import java.util.Map;

/**
 * A part that was made.
 *
 * @param slices checksums of the pieces of tensors in it, in order
 * @param updates what was counted of tensors in it, by name, where any element was updated
 * @param nonFinite what is not finite of tensors in it, by name, where anything is
 * @param observations what was seen of tensors in it, by name
 * @param matrices what was found of matrices in it
 * @param sha256 of all bytes of its file up to its end, in 64 digits; empty where it is not known
 */
public record PartResult(
    int shard,
    PartReceipt receipt,
    List<SliceChecksum> slices,
    Map<String, LostUpdates> updates,
    Map<String, NonFinite> nonFinite,
    Map<String, Observation> observations,
    MatrixFindings matrices,
    PartTimes times,
    String sha256)
    implements Serializable {

  /** A part in which nothing was found of matrices, of a file without a digest. */
  public PartResult(
      int shard,
      PartReceipt receipt,
      List<SliceChecksum> slices,
      Map<String, LostUpdates> updates,
      Map<String, NonFinite> nonFinite,
      Map<String, Observation> observations,
      PartTimes times) {
    this(shard, receipt, slices, updates, nonFinite, observations, MatrixFindings.NONE, times, "");
  }

  /** CRC-32C of consecutive bytes of a tensor. */
  public record SliceChecksum(String tensor, long begin, long length, int crc32c)
      implements Serializable {}

  public PartResult {
    slices = List.copyOf(slices);
    updates = Map.copyOf(updates);
    nonFinite = Map.copyOf(nonFinite);
    observations = Map.copyOf(observations);
    requireNonNull(matrices, "matrices is null");
    requireNonNull(sha256, "sha256 is null");
  }
}
