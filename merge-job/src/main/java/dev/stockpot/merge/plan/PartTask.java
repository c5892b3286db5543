package dev.stockpot.merge.plan;

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
 * @param sides what it fills of files beside the shard
 */
public record PartTask(
    int shard,
    int number,
    ByteRange range,
    OutputLayout layout,
    List<OutputTensor> header,
    List<SliceTask> slices,
    List<PartFile> sides)
    implements Serializable {
  public PartTask {
    header = List.copyOf(header);
    slices = List.copyOf(slices);
    sides = List.copyOf(sides);
  }

  /** A part of a shard beside which nothing lies. */
  public PartTask(
      int shard,
      int number,
      ByteRange range,
      OutputLayout layout,
      List<OutputTensor> header,
      List<SliceTask> slices) {
    this(shard, number, range, layout, header, slices, List.of());
  }

  /** The file that the part is named after. */
  public PartFile file() {
    return new PartFile(shard, number, range, /* output= */ 0, layout, header);
  }

  /** All files that it fills, its shard first. */
  public List<PartFile> files() {
    List<PartFile> files = new ArrayList<>();
    files.add(file());
    files.addAll(sides);
    return files;
  }

  /** What the part begins with, if it is the shard's first. */
  public Optional<ByteBuffer> front() {
    return file().front();
  }

  /** Memory of the whole part, where a store holds it until it is uploaded. */
  public long memory() {
    return files().stream().mapToLong(PartFile::memory).sum();
  }

  public long bytesRead() {
    long sum = 0;
    for (SliceTask slice : slices) {
      sum += slice.bytesRead();
    }
    return sum;
  }

  /** The same part, made by works that know more. */
  PartTask knowing(Map<String, TensorWork> refined) {
    List<SliceTask> known = new ArrayList<>();
    for (SliceTask slice : slices) {
      known.add(slice.of(refined.getOrDefault(slice.work().name(), slice.work())));
    }
    return new PartTask(shard, number, range, layout, header, known, sides);
  }
}
