package dev.stockpot.merge.plan;

import dev.stockpot.merge.model.Footprint;
import dev.stockpot.merge.output.OutputLayout;
import dev.stockpot.merge.output.OutputTensor;
import dev.stockpot.merge.storage.ByteRange;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Everything about one part of an output shard: the work of one Spark task.
 *
 * @param shard place of the shard in the plan
 * @param number of the part in its shard, from 1
 * @param range of the shard's bytes that the part fills
 * @param layout of the shard
 * @param header the tensors of the shard's header, with which its first part begins; else none
 * @param slices what follows, without a gap
 */
public record PartTask(
    int shard,
    int number,
    ByteRange range,
    OutputLayout layout,
    List<OutputTensor> header,
    List<SliceTask> slices)
    implements Serializable {
  public PartTask {
    header = List.copyOf(header);
    slices = List.copyOf(slices);
  }

  /** What the part begins with, if it is the shard's first. */
  public Optional<ByteBuffer> front() {
    return header.isEmpty() ? Optional.empty() : Optional.of(layout.header(header));
  }

  /** Memory of the whole part, where a store holds it until it is uploaded. */
  public long memory() {
    return Footprint.pages(range.length());
  }

  public long bytesRead() {
    return slices.stream().mapToLong(SliceTask::bytesRead).sum();
  }

  /** The same part, made by works that know more. */
  PartTask knowing(Map<String, TensorWork> refined) {
    List<SliceTask> known = new ArrayList<>();
    for (SliceTask slice : slices) {
      known.add(slice.of(refined.getOrDefault(slice.work().name(), slice.work())));
    }
    return new PartTask(shard, number, range, layout, header, known);
  }
}
