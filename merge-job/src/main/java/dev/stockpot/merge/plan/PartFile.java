package dev.stockpot.merge.plan;

import static java.util.Objects.requireNonNull;

import dev.stockpot.merge.model.Footprint;
import dev.stockpot.merge.output.OutputLayout;
import dev.stockpot.merge.output.OutputTensor;
import dev.stockpot.merge.storage.ByteRange;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/**
 * The bytes of one file that a part fills.
 *
 * @param shard place of the file among {@link MergePlan#files}
 * @param number of the part in its file, from 1
 * @param range of the file's bytes
 * @param output which of the outputs of its works lies in it
 * @param layout of the file
 * @param header the tensors of the file's header, with which its first part begins; else none
 */
public record PartFile(
    int shard,
    int number,
    ByteRange range,
    int output,
    OutputLayout layout,
    List<OutputTensor> header)
    implements Serializable {
  public PartFile {
    requireNonNull(range, "range is null");
    requireNonNull(layout, "layout is null");
    header = List.copyOf(header);
  }

  /** What the part begins with, if it is the file's first. */
  public Optional<ByteBuffer> front() {
    return header.isEmpty() ? Optional.empty() : Optional.of(layout.header(header));
  }

  /** A name of one of its tensors that no tensor of another file of the output has. */
  public String key(String tensor) {
    return OutputShard.key(layout.file(1, 1), tensor);
  }

  /** Memory of it, where a store holds it until it is uploaded. */
  public long memory() {
    return Footprint.pages(range.length());
  }
}
