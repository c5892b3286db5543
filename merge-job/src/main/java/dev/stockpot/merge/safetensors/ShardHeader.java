package dev.stockpot.merge.safetensors;

import static java.util.Objects.requireNonNull;

import dev.stockpot.merge.checkpoint.TensorInfo;
import dev.stockpot.merge.storage.RangeReader;
import dev.stockpot.merge.storage.StoredObject;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * The JSON at the front of a shard.
 *
 * @param tensors as they lie in the file, first to last
 * @param metadata what the writer of the file had to say, such as {@code format} {@code pt}
 */
record ShardHeader(StoredObject shard, List<TensorInfo> tensors, Map<String, String> metadata) {
  /** A header takes at most so many bytes: the limit of the reference implementation. */
  static final int MAX_BYTES = 100_000_000;

  /** Bytes of the header's length, in front of the header. */
  static final int LENGTH_BYTES = 8;

  static final String METADATA = "__metadata__";
  static final String DTYPE = "dtype";
  static final String SHAPE = "shape";
  static final String DATA_OFFSETS = "data_offsets";

  public ShardHeader {
    requireNonNull(shard, "shard is null");
    tensors = List.copyOf(tensors);
    metadata = Map.copyOf(metadata);
  }

  /**
   * Reads the header of a shard and believes nothing in it: every tensor has its own bytes, within
   * the file, as many as its type and shape take, and no byte of the file is left over.
   *
   * @throws CorruptShardException if the file breaks a rule of the format
   */
  public static ShardHeader parse(StoredObject shard, RangeReader reader) throws IOException {
    return new ShardHeaderParser(shard).parse(reader);
  }
}
