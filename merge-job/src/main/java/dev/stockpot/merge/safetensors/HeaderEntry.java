package dev.stockpot.merge.safetensors;

import static java.util.Comparator.comparingLong;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Shape;
import dev.stockpot.merge.checkpoint.TensorInfo;
import dev.stockpot.merge.storage.ByteRange;
import dev.stockpot.merge.storage.StoredObject;
import java.util.ArrayList;
import java.util.List;

/**
 * A tensor as a header has it.
 *
 * @param data its bytes, counted from the end of the header
 * @param text where the file says so
 */
record HeaderEntry(String name, DType dtype, Shape shape, ByteRange data, ByteRange text) {

  /**
   * Gives tensors their places in the file, once those are known to be theirs alone.
   *
   * @param entries of a whole header; they are sorted
   * @param dataBegin where the header ends
   */
  static List<TensorInfo> locate(List<HeaderEntry> entries, StoredObject shard, long dataBegin) {
    entries.sort(
        comparingLong((HeaderEntry entry) -> entry.data().begin())
            .thenComparingLong(entry -> entry.data().end()));
    HeaderEntry before = null;
    long end = 0;
    for (HeaderEntry entry : entries) {
      ByteRange data = entry.data();
      if (data.begin() < end) {
        throw corrupt(
            shard,
            entry.text(),
            "tensors %s and %s overlap: data_offsets %s and %s"
                .formatted(Quoted.of(before.name()), Quoted.of(entry.name()), before.data(), data));
      }
      if (data.begin() > end) {
        throw corrupt(
            shard,
            entry.text(),
            "data_offsets %s-%s, before tensor %s, belong to no tensor"
                .formatted(end, data.begin(), Quoted.of(entry.name())));
      }
      before = entry;
      end = data.end();
    }
    requireEnd(shard, dataBegin, end);
    List<TensorInfo> tensors = new ArrayList<>(entries.size());
    for (HeaderEntry entry : entries) {
      ByteRange bytes =
          new ByteRange(dataBegin + entry.data().begin(), dataBegin + entry.data().end());
      tensors.add(new TensorInfo(entry.name(), entry.dtype(), entry.shape(), shard, bytes));
    }
    return tensors;
  }

  private static void requireEnd(StoredObject shard, long dataBegin, long end) {
    long dataSize = shard.size() - dataBegin;
    ByteRange data = new ByteRange(dataBegin, shard.size());
    if (end > dataSize) {
      throw corrupt(
          shard,
          data,
          "the file is cut off: its tensors take %s bytes more".formatted(end - dataSize));
    }
    if (end < dataSize) {
      throw corrupt(
          shard, data, "%s bytes after the last tensor belong to none".formatted(dataSize - end));
    }
  }

  private static CorruptShardException corrupt(StoredObject shard, ByteRange bytes, String what) {
    return new CorruptShardException(shard.location(), bytes, what, ShardHeaderParser.FETCH_AGAIN);
  }
}
