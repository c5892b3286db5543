package dev.stockpot.merge.safetensors;

import dev.stockpot.merge.storage.ObjectSource;
import dev.stockpot.merge.storage.RangeReader;
import dev.stockpot.merge.storage.StoredObject;
import java.io.IOException;
import java.util.Map;

/** What the writer of a safetensors file had to say beside tensors. */
public final class ShardMetadata {
  private ShardMetadata() {}

  /**
   * Reads it from the file's header.
   *
   * @throws CorruptShardException if the file breaks a rule of the format
   */
  public static Map<String, String> read(ObjectSource store, StoredObject shard)
      throws IOException {
    try (RangeReader reader = store.open(shard)) {
      return ShardHeader.parse(shard, reader).metadata();
    }
  }
}
